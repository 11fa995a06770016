"""Values of the fictional sample unit that somebody forgot to replace in mkdocs.yml."""

from __future__ import annotations

from collections.abc import Iterator

from gongshi.domain.config.loader import Configuration
from gongshi.domain.yaml.parser import Mapping, Node, Scalar

_HOST = "qinghe.example"
_TOWN = "青禾"
_NAME = "青禾镇便民服务中心"
_NUMBERS = frozenset(
    ("0500-8820118", "12990000MB0QH2018K", "0000000001", "某ICP备00000000号-1", "某公网安备00000000000000号")
)


def find_sample_values(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Yield the keys of mkdocs.yml that still have a value of the sample unit, although others were changed; and these.

    The sample itself has none. A town of the same name keeps its own.

    Args:
        configuration: the unit's configuration.
    """
    unit = configuration.policy.unit
    addresses = [address for address in (configuration.site_url, unit.domain) if address]
    names = [unit.name, *(text for key, text in _texts(configuration.settings, "") if key == "site_name")]
    if all(_TOWN in name for name in names) and all(_HOST in address.lower() for address in addresses):
        return
    own_town = _TOWN in unit.name and unit.name != _NAME
    for key, text in _texts(configuration.settings, ""):
        if _HOST in text.lower() or text in _NUMBERS or (_TOWN in text and not own_town):
            yield key, text


def _texts(node: Node | None, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, Scalar):
        yield key, node.text
    elif isinstance(node, Mapping):
        for name, value in node.items:
            yield from _texts(value, f"{key}.{name.text}".removeprefix("."))
    elif node is not None:
        for item in node.items:
            yield from _texts(item, key)
