"""Every word said to a model, and every sentence said by the embedded one, as files."""
