"""The preview: `mkdocs serve`."""
