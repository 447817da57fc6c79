"""The desk's doors: signing in, reading, and making moves."""
