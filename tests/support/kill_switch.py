"""The beginning of scripts that kill themselves at a moment that a test chooses."""

from __future__ import annotations

ARM = """\
import os, signal, sys
left = int(sys.argv.pop(1))
def arm(module, name):
    original = getattr(module, name)
    def counted(*arguments, **keywords):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments, **keywords)
    setattr(module, name, counted)
"""
"""Takes the number of the call from the arguments; `arm(module, name)` lets calls of a function count."""
