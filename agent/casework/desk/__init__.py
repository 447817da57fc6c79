"""The human desk: what its people see and do, and what happens to a case although nobody does anything."""
