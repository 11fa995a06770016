"""Tables that are drawn with ruling lines."""
