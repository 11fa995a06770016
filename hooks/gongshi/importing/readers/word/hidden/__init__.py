"""Content that a reader of the paper does not see: tracked changes, comments, hidden text, headers, embedded files."""
