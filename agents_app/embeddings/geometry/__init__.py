"""Numbers about vectors: projections, groups, duplicates. Pure: knows no database and no passage."""
