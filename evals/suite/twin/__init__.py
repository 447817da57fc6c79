"""The twin: a whole shop with its service, carrier, desk and clock, in this process and in hand."""
