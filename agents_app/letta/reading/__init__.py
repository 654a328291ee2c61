"""From the raw column texts of Letta's rows to typed Python; pure, tolerant, and without queries."""
