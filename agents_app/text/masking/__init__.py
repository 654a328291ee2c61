"""What not everybody may read: personal data and secrets, found in text and masked."""
