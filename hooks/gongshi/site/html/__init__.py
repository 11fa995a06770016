"""HTML of entries: sanitize it, and remove links to unpublished pages."""
