"""Use-cases: receive a message, decide on a proposal, hand off, erase; and the ports they need."""
