"""The service: from a shopper's words to an answer, and to a person when needed."""
