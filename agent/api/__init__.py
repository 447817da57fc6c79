"""HTTP: routes by noun, credentials, limits, server-sent events, and every error as one kind of document."""
