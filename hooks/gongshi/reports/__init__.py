"""What staff and inspectors get: ledger, statistics."""
