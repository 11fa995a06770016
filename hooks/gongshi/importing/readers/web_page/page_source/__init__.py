"""A saved page as it is stored: its files, encoding, HTML, styles and addresses."""
