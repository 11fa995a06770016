"""The text: lines, headings, lists, tables and notes, and their conversion to HTML."""
