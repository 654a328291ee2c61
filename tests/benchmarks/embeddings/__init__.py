"""Passages and vectors by the ten thousand."""
