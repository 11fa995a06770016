"""What a cached page was made of."""
