"""Photos of an activity: one entry with a picture for each, in the order in which they were taken."""
