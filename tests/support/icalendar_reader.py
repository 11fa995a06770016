"""A reader of iCalendar files, written after RFC 5545 alone and strict where the format is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LINE = re.compile(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', re.DOTALL)


@dataclass
class Component:
    """A component with its properties in their order, and the components in it."""

    name: str
    properties: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)

    def raw(self, name: str) -> str:
        """The value of the only property of this name, as it is written."""
        (value,) = [value for found, _parameters, value in self.properties if found == name]
        return value

    def has(self, name: str) -> bool:
        """Whether the component has the property."""
        return any(found == name for found, _parameters, _value in self.properties)

    def text(self, name: str) -> str:
        """The text of the only property of this name."""
        (text,) = self.texts(name)
        return text

    def texts(self, name: str) -> list[str]:
        """The list of texts in the only property of this name."""
        parts = re.split(r"(?<!\\)((?:\\\\)*),", self.raw(name))
        joined = [a + b for a, b in zip(parts[0::2], [*parts[1::2], ""], strict=True)]
        return [unescaped(part) for part in joined]

    def parameters(self, name: str) -> dict[str, str]:
        """The parameters of the only property of this name."""
        (parameters,) = [parameters for found, parameters, _value in self.properties if found == name]
        return parameters


def unescaped(value: str) -> str:
    """A text without its escapes; signs that must be escaped fail."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), value
    assert not re.search(r"(?<!\\)(?:\\\\)*\\[^\\;,nN]", value), value
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def parse(content: bytes) -> Component:
    """The one calendar in a file.

    Args:
        content: the bytes; lines longer than 75 bytes, bare line ends and control characters fail.
    """
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")[:-1]
    assert all(line and len(line) <= 75 for line in lines)
    assert all(line.decode() for line in lines)
    text = b"\r\n".join(lines).decode().replace("\r\n ", "").replace("\r\n\t", "")
    assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", text.replace("\r\n", ""))
    stack = [Component("")]
    for line in text.split("\r\n"):
        found = _LINE.fullmatch(line)
        assert found, line
        name, parameters, value = found.groups()
        if name == "BEGIN":
            stack.append(Component(value))
        elif name == "END":
            done = stack.pop()
            assert done.name == value
            stack[-1].components.append(done)
        else:
            named = dict(part.split("=", 1) for part in parameters.split(";")[1:])
            stack[-1].properties.append((name, named, value))
    (root,) = stack
    (calendar,) = root.components
    assert calendar.name == "VCALENDAR" and not root.properties
    return calendar
