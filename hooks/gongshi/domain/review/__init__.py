"""Which decisions count, what is public, what people do."""
