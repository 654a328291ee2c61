"""Pure functions on text: parse, mark, render and search what a database may hold. No models, no I/O."""
