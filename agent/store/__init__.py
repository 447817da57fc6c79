"""Adapters of casework's ports: SQLAlchemy on SQLite and PostgreSQL, Redis, and the in-process ones."""
