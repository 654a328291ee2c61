"""The first page: what a person of each role starts from."""
