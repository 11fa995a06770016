"""`docs/`: Markdown files, front matter, paths, versions and their digest."""
