"""What one customer has in Letta: threads, memory and its changes, passages, files; each part its own question."""
