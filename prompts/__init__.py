"""Every word said to a model, and every sentence said by code, as files; assembled by loaders that refuse surprises."""
