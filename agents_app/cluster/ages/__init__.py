"""Age of data: how old the rows of each table are, for deciding how long to keep them."""
