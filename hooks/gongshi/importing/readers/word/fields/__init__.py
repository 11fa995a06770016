"""Fields, links and content controls: what they show becomes text."""
