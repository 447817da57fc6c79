"""When a person is needed: signals, rules and an explained decision."""
