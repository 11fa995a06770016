"""Number formats: numbers, dates and texts as Excel shows them."""
