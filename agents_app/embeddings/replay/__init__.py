"""What a search of an agent's returned then, and what it would find today."""
