"""The order system: its models, the changes it accepts, the port, and one module an adapter."""
