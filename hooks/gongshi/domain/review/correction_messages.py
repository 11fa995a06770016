"""Messages about changes that are not minor corrections."""

from __future__ import annotations

from gongshi.common.errors import printable
from gongshi.domain.review.converted_text import ElementChange, Part, Token
from gongshi.domain.review.correction_words import Fact, FactChange
from gongshi.domain.review.minor_correction import Difference, Violation
from gongshi.i18n import gettext as _

_LENGTH = 60


def correction_text(found: Difference, characters: int, first_line: int) -> str:
    """Return the message for a change that is not allowed as a minor correction.

    Args:
        found: the difference.
        characters: the limit of the policy.
        first_line: the line of the file on which the body begins.
    """
    if found.element and found.violation is Violation.ELEMENT:
        return _("{what}; a minor correction changes words only. Submit the change").format(
            what=_element_text(found.element)
        )
    if found.fact:
        return _("{what}; a minor correction changes no facts. Submit the change").format(what=_fact_text(found.fact))
    unreadable = _("the text cannot be converted here, so nobody can tell what differs in the page. Submit the change")
    words = {
        Violation.FRONT_MATTER: _(
            "the front matter differs; a minor correction changes the text only. Submit the change"
        ),
        Violation.FILES: _(
            "attachments or pictures differ; a minor correction changes the text only. Submit the change"
        ),
        Violation.INVISIBLE: _(
            "a changed line has a character that does not show, or had one; delete it, or submit the change"
        ),
        Violation.COMMENT: _(
            "a comment, or other HTML that readers do not see, differs; a minor correction changes words only. Submit "
            "the change"
        ),
        Violation.LINES: _(
            "lines were joined, divided, added or removed, from line {line} on; a minor correction changes words "
            "within lines. Submit the change"
        ),
        Violation.NOT_WORDS: _(
            "line {line}: something differs that is not a word of the page, such as a mark like * or [, a blank at "
            "the end, or a definition that nothing uses. Take that back, or submit the change"
        ),
        Violation.UNREADABLE: unreadable,
        Violation.UNJUDGED: unreadable,
        Violation.TOO_LONG: _(
            "more than {count} characters differ from what passed the full chain last "
            "(review.correction.characters in mkdocs.yml); submit the change"
        ),
        Violation.NOTHING: _("the text is what passed the full chain last; to publish it again, submit it"),
    }
    return words[found.violation].format(count=characters, line=found.line + first_line - 1)


def _element_text(change: ElementChange) -> str:
    before, after = change.before, change.after
    if before and after:
        if before.name == after.name and before.part is after.part is Part.START:
            return _attribute_text(before, after)
        message = _("{before} became {after}")
        return message.format(before=_element_title(before), after=_element_title(after))
    if after:
        return _("{element} was added").format(element=_element_title(after))
    return _("{element} was removed").format(element=_element_title(before) if before else "")


def _attribute_text(before: Token, after: Token) -> str:
    old, new = dict(before.attributes), dict(after.attributes)
    key = next((key for key in (*old, *new) if old.get(key) != new.get(key)), "")
    messages = {
        ("a", "href"): _("the address of a link was {before} and is {after}"),
        ("img", "src"): _("a picture was {before} and is {after}"),
    }
    message = messages.get((before.name, key), _("the attribute {key} of {element} was {before} and is {after}"))
    return message.format(
        key=printable(key),
        element=_tag(before),
        before=_value(old.get(key)),
        after=_value(new.get(key)),
    )


def _value(value: str | None) -> str:
    return _("“{text}”").format(text=_shortened(value)) if value else _("empty")


def _element_title(token: Token) -> str:
    """Return the name of an element, with its address if it has one."""
    titles = {
        "a": _("a link"),
        "abbr": _("an abbreviation"),
        "blockquote": _("a quotation"),
        "br": _("a line break"),
        "code": _("a piece of code"),
        "em": _("text in italics"),
        "hr": _("a rule"),
        "img": _("a picture"),
        "li": _("an item of a list"),
        "ol": _("a numbered list"),
        "p": _("a paragraph"),
        "pre": _("a block of code"),
        "strong": _("bold text"),
        "table": _("a table"),
        "td": _("a cell of a table"),
        "th": _("a heading cell of a table"),
        "tr": _("a row of a table"),
        "ul": _("a list"),
        **{f"h{level}": _("a heading of level {level}").format(level=level) for level in range(1, 7)},
    }
    values = dict(token.attributes)
    address = values.get("href") or values.get("src")
    title = titles.get(token.name) or _("the HTML element {element}").format(element=_tag(token))
    return f"{title} ({_shortened(address)})" if address else title


def _fact_text(change: FactChange) -> str:
    fact, before, after = change
    titles = {
        Fact.NUMBER: _("a number, an amount or a date"),
        Fact.SYMBOL: _("a sign"),
        Fact.WORD: _("a negation, a limit or a time"),
        Fact.ADDRESS: _("an address"),
        Fact.NAME: _("a name"),
    }
    old, new = _shortened(before), _shortened(after)
    if before and after:
        message = _("{what} differs: “{before}” became “{after}”")
    else:
        message = _("{what} was added: “{after}”") if after else _("{what} was removed: “{before}”")
    return message.format(what=titles[fact], before=old, after=new)


def _tag(token: Token) -> str:
    return printable(f"<{token.name}>")


def _shortened(text: str) -> str:
    line = printable(text)
    return line if len(line) <= _LENGTH else line[:_LENGTH] + "…"
