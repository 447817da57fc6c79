"""When a person is needed: signals in the words, rules in YAML, a decision that shows its evidence."""
