"""The configuration in `extra.gongshi` of mkdocs.yml: rules, people, keys."""
