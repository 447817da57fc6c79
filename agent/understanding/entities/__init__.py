"""The finders of entities, one module a family."""
