"""The parts of the Markdown writer: what a text contains, how it is written, and the check of what the page shows."""
