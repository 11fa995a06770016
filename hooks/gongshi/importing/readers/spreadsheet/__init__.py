"""Tables: Excel workbooks (.xlsx and its relatives) and texts with columns (.csv, .tsv)."""
