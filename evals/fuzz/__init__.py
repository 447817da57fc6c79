"""A model that does its worst, and what must hold all the same."""
