"""The content in `docs/`: Markdown files, front matter, paths, versions and their digest."""
