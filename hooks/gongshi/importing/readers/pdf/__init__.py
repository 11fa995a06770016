"""PDF files (ISO 32000)."""
