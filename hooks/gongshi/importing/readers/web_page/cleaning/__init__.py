"""Removes from a page what it does not show, and reads what Word and Excel write into the pages that they save."""
