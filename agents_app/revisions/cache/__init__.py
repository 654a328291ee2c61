"""What is kept of histories in our own database: ids, numbers, times and hashes, never a text."""
