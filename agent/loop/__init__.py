"""The agent: LangChain's loop, the chat models behind it, one middleware a file, and the guard on every reply."""
