"""What goes over the wire: every request and response, with the sentences that end up in ``/openapi.json``."""
