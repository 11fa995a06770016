"""`python -m gongshi`."""

from gongshi.cli.main import main

main()
