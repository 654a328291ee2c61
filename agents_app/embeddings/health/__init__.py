"""The state of a scope's vectors: what is missing, mixed, doubled, far off, or contradicts."""
