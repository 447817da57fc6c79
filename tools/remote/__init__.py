"""Tools of a shop's own MCP server, under the gates of our own: reads by a list, writes only as changes that policy judges."""
