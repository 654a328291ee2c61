"""Values that must be hidden: each module builds one kind, all invented."""
