"""A scope's vectors on a plane: projected, sampled, coloured, lit up, and what stands behind a point."""
