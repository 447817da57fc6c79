"""The evaluation suite: cases as files, a twin of the shop to play them in, and graders that read what came of it."""
