"""Writing and checking output folders: manifest, audit, atomic replacement, `gongshi verify` and `gongshi stage`."""
