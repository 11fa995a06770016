"""Text that stands at fixed places on pages (PDF, OFD), put together again as paragraphs and tables."""
