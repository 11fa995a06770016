"""Errors, dates, files and processes: general functions without rules of Gongshi."""
