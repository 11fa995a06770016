"""Where people and programs meet Gongshi: the command line and MkDocs."""
