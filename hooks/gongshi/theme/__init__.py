"""The MkDocs theme `gongshi`: Material for MkDocs with this package's pages.

MkDocs imports this module before it imports Material, which prints a notice at import: it recommends a generator that
runs no hooks, and so would publish what nobody approved.
"""

import os

os.environ.setdefault("NO_MKDOCS_2_WARNING", "true")
