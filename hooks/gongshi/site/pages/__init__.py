"""Page models: the data that templates show for entries, lists, tags, the site map and the home page."""
