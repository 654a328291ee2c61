"""Pure functions of the embeddings feature."""
