"""The desk's pages: rendered here, kept live by events. What anybody wrote is only ever shown as text."""
