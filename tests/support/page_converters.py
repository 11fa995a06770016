"""Converters from Markdown to pages for tests of imports; other processes can load them."""

from __future__ import annotations


def paragraph(text: str) -> str:
    """A page of one paragraph."""
    return f"<p>{text}</p>"


def endless(text: str) -> str:
    """A converter that never ends for a text with the word ENDLESS."""
    while "ENDLESS" in text:
        pass
    return paragraph(text)
