"""Every file accounted for: manifest, audit, atomic swap, verify, stage."""
