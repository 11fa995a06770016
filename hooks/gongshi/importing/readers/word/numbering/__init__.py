"""The numbers that Word shows before paragraphs."""
