"""The parts of a .docx file as they are stored, and what styles say of a text."""
