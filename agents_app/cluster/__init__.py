"""What the cluster does, what it costs, who causes it, and why it does not sleep."""
