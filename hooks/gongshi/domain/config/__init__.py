"""`extra.gongshi` of mkdocs.yml: policy, people, keys."""
