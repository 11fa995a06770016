"""Strict YAML with line numbers and declared types."""
