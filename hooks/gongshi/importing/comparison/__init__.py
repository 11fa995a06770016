"""Compares the text of a file with the page of its entry."""
