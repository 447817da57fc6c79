"""The composition root: settings in, service out; the only place that knows every class."""
