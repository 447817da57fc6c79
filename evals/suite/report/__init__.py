"""A run as one HTML file: no network, no build step, readable years later."""
