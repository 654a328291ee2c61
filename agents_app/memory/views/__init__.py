"""Views of memory blocks."""
