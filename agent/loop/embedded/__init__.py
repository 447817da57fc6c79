"""The chat model that needs no model: it reads the case, calls tools, and speaks in sentences kept as files."""
