"""The history of memory blocks, rebuilt from what Letta stores."""
