"""Identities: the end users and companies that the application knows."""
