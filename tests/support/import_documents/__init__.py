"""Documents as offices have them, each with the page that a reader of the paper would expect."""

from support.import_documents import (
    printed_pages,
    tables,
    web_pages,
    word_content,
    word_features,
    word_notices,
    word_offices,
)

__all__ = ["printed_pages", "tables", "web_pages", "word_content", "word_features", "word_notices", "word_offices"]
