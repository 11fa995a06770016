"""Film, sound and documents: removal of metadata, advice."""
