"""The commands, one module each; the review commands share `review.py`."""
