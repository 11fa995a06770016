"""Reports for staff and inspectors: ledger, statistics, comparisons, review forms and the unit's health."""
