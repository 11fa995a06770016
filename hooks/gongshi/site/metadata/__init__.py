"""Data for other programs: feeds, calendars, meta tags, structured data."""
