"""What is stored about a person: rows that links lead to, by table; found by the worker, kept as ids and numbers."""
