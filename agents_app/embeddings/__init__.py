"""Archives, sources, files and passages."""
