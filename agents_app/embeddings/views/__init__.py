"""Pages of archives, folders, files and passages, and of what is near to what."""
