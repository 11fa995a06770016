r"""EQ fields (ECMA-376 part 1, 17.16.5.18), such as `EQ \f(1,2)`, written in one line."""

from __future__ import annotations

import re
from typing import Final

from gongshi.importing.readers.word.fields.raised_signs import divisor, grouped, superscript

_TOKEN: Final = re.compile(r"\\[A-Za-z]+(?:\s*-?\d+)?|\\.|[(),;]|[^\\(),;]+", re.DOTALL)
_GENERAL: Final = re.compile(r'\\\*\s*("[^"]*"|[^\s\\]+)\s*')
"""General switches (17.16.4.3), with which Word notes the font and size of a phonetic guide."""
_SWITCH: Final = re.compile(r"\\([A-Za-z]+)")
_RING: Final = frozenset("○〇◯")
_CIRCLED: Final = {
    **{str(number): chr(0x2460 + number - 1) for number in range(1, 21)},
    **dict(zip("一二三四五六七八九十", "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉", strict=True)),
}
_MAX_DEPTH: Final = 40


def eq_text(code: str) -> str:
    """Return the formula of an EQ field in one line, such as `1/2`.

    Args:
        code: its instruction, with `EQ` at the beginning.
    """
    formula = _GENERAL.sub("", re.sub(r"^\s*EQ\s*", "", code, count=1, flags=re.IGNORECASE))
    tokens = _TOKEN.findall(formula)
    parts, _position = _read(tokens, 0, 0)
    return "".join("".join(each) for each in parts).strip()


def _read(tokens: list[str], position: int, depth: int) -> tuple[list[list[str]], int]:
    """Return the arguments up to a closing bracket, each as a list of texts, and the position behind it."""
    parts: list[list[str]] = [[]]
    brackets = 0
    while position < len(tokens):
        sign = tokens[position]
        position += 1
        switch = _SWITCH.match(sign)
        if switch:
            options, position = _options(tokens, position)
            if position < len(tokens) and tokens[position] == "(" and depth < _MAX_DEPTH:
                arguments, position = _read(tokens, position + 1, depth + 1)
                parts[-1].append(_formula(switch[1].lower(), options, ["".join(each) for each in arguments]))
        elif sign == ")" and depth and not brackets:
            break
        elif sign in (",", ";") and depth and not brackets:
            parts.append([])
        else:
            brackets += {"(": 1, ")": -1}.get(sign, 0)
            parts[-1].append(sign[1:] if sign.startswith("\\") else sign)
    return parts, position


def _options(tokens: list[str], position: int) -> tuple[list[str], int]:
    """Return the further switches in front of a bracket, such as "ac" or "up 11"."""
    found: list[str] = []
    while position < len(tokens) and (_SWITCH.match(tokens[position]) or not tokens[position].strip()):
        switch = _SWITCH.match(tokens[position])
        if switch:
            name = switch[1].lower()
            # These take a character as bracket: `\lc\{`.
            found.append(name)
            if name in ("lc", "rc", "bc") and position + 1 < len(tokens):
                position += 1
                found[-1] += tokens[position].lstrip("\\")
        position += 1
    return found, position


def _formula(switch: str, options: list[str], arguments: list[str]) -> str:
    first, *rest = arguments
    second = ", ".join(rest)
    if switch == "f" and len(rest) == 1:
        return f"{grouped(first)}/{divisor(second)}"
    if switch == "r":
        return f"{superscript(first)}√({second})" if rest else f"√({first})"
    if switch == "o":
        return _overlaid(arguments)
    if switch == "s":
        sign = "_" if any(each.startswith("do") for each in options) else "^"
        return f"^{grouped(first)}_{grouped(second)}" if rest else sign + grouped(first)
    if switch == "b":
        return _bracketed(options, ", ".join(arguments))
    if switch == "i":
        sign = "∏" if "pr" in options else "∑" if "su" in options else "∫"
        return f"{sign}({', '.join(arguments)})"
    return ", ".join(arguments) if switch in ("a", "l") else "".join(arguments)


def _overlaid(arguments: list[str]) -> str:
    """Return overlaid characters: a ring around a number, or what is put above a word."""
    texts = [each.strip() for each in arguments]
    if len(texts) == 2 and texts[0] in _RING:
        return _CIRCLED.get(texts[1], f"({texts[1]})")
    raised = [each for each in texts if each[:1] in ("^", "_")]
    plain = [each.lstrip("_") for each in texts if each[:1] != "^"]
    if raised and plain:
        guides = "".join(each[1:].strip("()") for each in raised if each[:1] == "^")
        return f"{''.join(plain)}（{guides}）" if guides else "".join(plain)
    return "".join(texts)


def _bracketed(options: list[str], text: str) -> str:
    left = next((each[2:] for each in options if each[:2] in ("lc", "bc") and each[2:]), "")
    right = next((each[2:] for each in options if each[:2] == "rc" and each[2:]), "")
    closing = {"(": ")", "[": "]", "{": "}", "<": ">"}
    if any(each.startswith("bc") for each in options):
        return f"{left}{text}{closing.get(left, left)}"
    return f"{left}{text}{right}" if left or right else f"({text})"
