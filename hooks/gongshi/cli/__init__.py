"""The command-line program `gongshi`."""

from gongshi.common.collector import collect_rarely

# Before importing the other modules, because nearly every object they create lives until the program ends.
collect_rarely()
