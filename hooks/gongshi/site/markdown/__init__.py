"""Markdown as office staff write it: the dialect that texts are converted with, and the check of the result."""
