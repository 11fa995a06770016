"""The content of the published site, independent of MkDocs: pages, lists, feeds, images, HTML, search index."""
