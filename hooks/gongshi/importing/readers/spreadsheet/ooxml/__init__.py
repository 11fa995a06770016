"""The parts of an .xlsx file as they are stored: sheets, cells, styles, pictures."""
