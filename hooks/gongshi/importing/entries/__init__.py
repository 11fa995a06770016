"""Writes imported entries into `docs/`, keeps their originals, and recognizes files that were imported before."""
