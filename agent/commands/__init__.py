"""What can be typed after ``postventa``, a module a group. Each command imports what it needs when it runs, so that ``--help`` answers at once."""
