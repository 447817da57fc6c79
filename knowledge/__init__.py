"""What the agent may quote: help-centre articles, their index, and search with citations."""
