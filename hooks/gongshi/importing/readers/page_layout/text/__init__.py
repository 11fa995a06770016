"""Characters at fixed places as lines, columns, paragraphs and headings."""
