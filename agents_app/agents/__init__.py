"""Agents, and the structure around them: tools, groups, organizations, API users."""
