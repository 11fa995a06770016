"""The article of a page: its main part, title, record table and date, without menus and footers."""
