"""`python -m gongshi`."""

from gongshi.faces.cli import main

main()
