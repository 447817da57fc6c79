"""Targets of the outbox: signed webhooks, and help desks other than our own."""
