"""Commands start fast: they load only what they need."""

from __future__ import annotations

from support.unit import UnitUnderTest

LOADED = """
import sys
from gongshi.cli.main import main
sys.argv[1:] = {arguments!r}
try:
    main()
finally:
    slow = {{"difflib", "html.parser", "jinja2", "markdown", "mkdocs", "nh3", "rapidfuzz"}}
    slow |= {{f"gongshi.domain.review.{{name}}" for name in ("minor_correction", "correction_messages")}}
    print("LOADED", *sorted(slow & set(sys.modules)))
"""


def test_ordinary_commands_load_no_converter(unit: UnitUnderTest) -> None:
    """Nothing of corrections, Markdown and templates, as long as no text needs it."""
    unit.write("activities/a.md", title="T")
    unit.submit("activities/a.md")
    # With an environment of its own, a command runs in a new process, not in a copy of one that has loaded everything.
    unit.environment["LANGUAGE"] = "en"
    for arguments in (["approve", "docs/activities/a.md", "--as", "head"], ["status"], ["status", "--json"]):
        result = unit.run_script(LOADED.format(arguments=arguments))
        assert result.exit_code == 0, result.all
        assert result.output.splitlines()[-1] == "LOADED"
