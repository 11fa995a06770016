"""Pictures: removal of metadata, smaller copies, checks."""
