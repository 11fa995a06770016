"""The MkDocs side: handlers that let MkDocs build what the gate gives it, and nothing else."""
