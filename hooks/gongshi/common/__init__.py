"""Errors, dates, files, processes: knows nothing of Gongshi."""
