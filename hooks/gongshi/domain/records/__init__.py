"""`docs/.reviews/`: dossiers, approved files, signatures."""
