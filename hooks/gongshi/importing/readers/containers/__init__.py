"""Formats that contain other files: ZIP archives and compound files."""
