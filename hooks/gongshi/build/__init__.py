"""The MkDocs hook: one build from on_config to on_post_build."""

from gongshi.common.collector import collect_rarely

# Before the other modules are loaded: nearly everything stays until the end.
collect_rarely()
