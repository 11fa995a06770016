"""What HTML may stand in a page, and where links may lead."""
