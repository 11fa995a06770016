"""Reasons why a text cannot be converted."""

from __future__ import annotations

from gongshi.common.parallel import Excess
from gongshi.i18n import gettext as _


class TooComplex(Exception):
    """The conversion of a text exceeded a limit.

    Args:
        excess: the limit.
        seconds: the limit on processor time.
    """

    def __init__(self, excess: Excess, seconds: int) -> None:
        super().__init__(excess, seconds)
        self._excess = excess
        self._seconds = seconds

    def __str__(self) -> str:
        if self._excess is Excess.TIME:
            return _("it needs more than {seconds} seconds").format(seconds=self._seconds)
        return _("it needs too much memory")


def failure_text(error: Exception) -> str:
    """Return the reason why a text cannot be converted, for an editor.

    Args:
        error: the error that the conversion raised.
    """
    if isinstance(error, RecursionError):
        return _("its lists, quotations or emphases are nested too deeply")
    if isinstance(error, MemoryError):
        return _("it needs too much memory")
    return str(error) if isinstance(error, TooComplex) else type(error).__name__
