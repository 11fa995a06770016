"""Reduces an article to simple HTML: paragraphs, tables, links and pictures."""
