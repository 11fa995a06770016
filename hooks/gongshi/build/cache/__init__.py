"""Cache keys: hashes of everything that a cached file depends on."""
