"""Which vectors compare, and how they are read."""
