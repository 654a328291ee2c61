"""The jump box: any Letta id to the page that shows it, a name or number to agents and customers."""
