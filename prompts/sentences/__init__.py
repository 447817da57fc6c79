"""The sentences said by code. One YAML file a subject and language; the same keys and values in every language."""
