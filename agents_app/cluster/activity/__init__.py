"""Who did it: agents' work on the cluster's time axis, its share of the cost, and who woke the cluster."""
