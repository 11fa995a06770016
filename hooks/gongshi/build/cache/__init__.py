"""Cache keys: hashes of everything that a page was made of."""
