"""Every question this feature asks Letta, each bounded and answered by an index."""
