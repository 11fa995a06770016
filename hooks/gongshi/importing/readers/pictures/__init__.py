"""Pictures of all kinds of files: opened within limits, and encoded anew without metadata."""
