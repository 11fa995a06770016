"""Writes a sheet as HTML, or as a clean workbook."""
