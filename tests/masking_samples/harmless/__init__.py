"""Texts in which nothing must be hidden, though some of it looks as if."""
