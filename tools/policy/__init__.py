"""The shop's rules as data, and the engine that answers with a verdict, a clause and what would change it."""
