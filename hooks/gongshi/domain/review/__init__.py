"""Review rules: the decisions that count, the status of each entry, the actions of people."""
