"""The record in `docs/.reviews/`: dossiers, approved files, signatures, and the memory of earlier states."""
