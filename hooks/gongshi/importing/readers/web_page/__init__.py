"""Saved web pages (.html, .mht): pages of old sites, WeChat articles, and what Word and Excel save as a web page."""
