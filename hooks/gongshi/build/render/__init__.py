"""Pages through MkDocs' converter and the theme."""
