"""Feeds, calendars, meta tags: words for machines."""
