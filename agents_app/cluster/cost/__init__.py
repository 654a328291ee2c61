"""What the cluster costs: pure arithmetic on CloudWatch's numbers and a dated list of prices."""
