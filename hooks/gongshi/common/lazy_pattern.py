"""Compile regular expressions on their first use, so that commands start without those that they do not need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, AnyStr, Generic

_METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer", "pattern")


class _LazyPattern(Generic[AnyStr]):
    """A regular expression that is compiled on its first use, and then has the methods of the compiled one."""

    def __init__(self, pattern: AnyStr, flags: int = 0) -> None:
        self._source: tuple[AnyStr, int] = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(*self._source)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(self, name)


if TYPE_CHECKING:

    def lazy_pattern(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
        """Return a regular expression that is compiled on its first use.

        Args:
            pattern: the expression, as for `re.compile`; a wrong one fails only when it is used.
            flags: flags of the module `re`.
        """
        raise NotImplementedError

else:
    lazy_pattern = _LazyPattern
