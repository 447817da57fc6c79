"""The service as an MCP server at ``/mcp``: the tools of the chat, under the chat's identity and confirmation rules."""
