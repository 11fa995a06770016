"""A worksheet: its visible cells, their values, and its parts (title, header rows, notes)."""
