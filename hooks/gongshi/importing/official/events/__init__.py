"""Time, place, organizer and contact of an event that a notice announces."""
