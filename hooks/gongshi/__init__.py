"""Gongshi: a site built from decisions, never from drafts."""

__version__ = "0.1.0"
