"""Strict YAML with line numbers, declared types."""
