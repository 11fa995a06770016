"""The MkDocs hook: one build from on_config to on_post_build."""

import gc

# Nearly everything that is loaded and read stays until the end, so looking for garbage every 700 objects finds nothing.
gc.set_threshold(50_000)
