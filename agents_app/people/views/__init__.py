"""Views of identities: the list, the pages of one customer, the way in for ticket systems."""
