"""BundleFile in several processes: the same as in one, and whatever becomes of a process is told or made up for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from gongshi.common import object_cache, parallel
from gongshi.common.errors import InvalidInput, Problem
from gongshi.common.parallel import map_chunks
from gongshi.domain.config import loader
from gongshi.domain.review.snapshot import take_snapshot
from support.build_compare import compare, everything, said, scraps
from support.photos import gradient, saved
from support.unit import COMMON, NOW, Result, UnitUnderTest, settings

RUN = "from mkdocs.__main__ import cli; cli(['build'], prog_name='mkdocs')"
PROCESSORS = "from gongshi.common import parallel; from gongshi.build.render import page_renderer; parallel.processors = lambda: {count}; page_renderer.FEW = 1\n"


@pytest.fixture(scope="module")
def many_once(tmp_path_factory: pytest.TempPathFactory) -> UnitUnderTest:
    """A unit with so many pages and pictures that they are worth several processes; never built."""
    unit = UnitUnderTest(tmp_path_factory.mktemp("many") / "unit")
    unit.configure(settings(chain=["final"]) | {"columns": {"news": {"title": "News", "kind": "announcement"}}})
    names = [f"p{number}.png" for number in range(8)]
    for number, name in enumerate(names):
        unit.write(f"news/a/{name}", saved(gradient(300 + number, 20), "PNG"))
    body = "\n\n".join(f"![]({name})" for name in names)
    unit.write("news/a/index.md", title="Pictures", body=body, tags=[f"tag {number}" for number in range(40)])
    unit.write("news/b.md", title="Words", body="[to](a/index.md) [closed](c.md)", tags=[f"t{n}" for n in range(30)])
    for path in ("docs/news/a", "docs/news/b.md"):
        assert unit.gongshi("submit", path, "--as", "clerk").exit_code == 0
        assert unit.gongshi("approve", path, "--as", "chief").exit_code == 0
    return unit


@pytest.fixture
def many(many_once: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A copy of that unit."""
    return many_once.copy(tmp_path / "unit")


def build_on(unit: UnitUnderTest, count: int, patch: str = "") -> Result:
    """Build as on a machine with so many processors, few pages being worth them, with a change to the program."""
    script = PROCESSORS.format(count=count) + textwrap.dedent(patch) + "\n" + RUN
    epoch = str(int(datetime.fromisoformat(NOW).timestamp()))
    env = {**COMMON, "HOME": str(unit.root), "SOURCE_DATE_EPOCH": epoch, **unit.environment}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=unit.root, env=env, capture_output=True, text=True, timeout=30, check=False
    )
    return Result(done.returncode, done.stdout, done.stderr)


def forget(unit: UnitUnderTest) -> None:
    """Let the next build be a cold one."""
    subprocess.run(["rm", "-rf", unit.root / ".gongshi" / "cache"], check=True)


WHERE = """
    import os
    from gongshi.build.render import page_renderer; from gongshi.site.images import registry
    parent, page, picture = os.getpid(), page_renderer.PageRenderer._render_into, registry.ImageRegistry._process_file
    def told(kind, act):
        def found(self, *arguments):
            with open("who", "a") as file:
                file.write(f"{kind} {os.getpid() == parent}\\n")
            return act(self, *arguments)
        return found
    page_renderer.PageRenderer._render_into, registry.ImageRegistry._process_file = told("page", page), told("picture", picture)
"""


@pytest.mark.slow
def test_any_number_of_processors_gives_the_same_site(many: UnitUnderTest) -> None:
    """With one, two and three processors every byte and every message is the same."""
    sites = {}
    for count, at_home in ((1, True), (2, False), (3, False)):
        forget(many)
        (many.root / "who").unlink(missing_ok=True)
        result = build_on(many, count, WHERE)
        assert result.exit_code == 0, result.all
        assert set((many.root / "who").read_text().splitlines()) == {f"page {at_home}", f"picture {at_home}"}
        sites[count] = (many.root / f"site-{count}", said(result))
        many.site.rename(sites[count][0])
    assert sites[1][1] == sites[2][1] == sites[3][1]
    assert any("1 link leads to what is not public; it lost its address" in line for line in sites[1][1][1])
    compare(sites[2][0], sites[1][0])
    compare(sites[3][0], sites[1][0])


@pytest.mark.kill
@pytest.mark.parametrize(
    "place",
    ["page_renderer.PageRenderer._render_into", "registry.ImageRegistry._process_file", "assemble._store_shard"],
)
def test_a_process_that_dies(many: UnitUnderTest, place: str) -> None:
    """One message, exit code 1, the site as it was, and no scraps; the next build is a whole one."""
    assert build_on(many, 2).exit_code == 0
    before = everything(many.site), (many.site / "index.html").stat().st_ino
    forget(many)
    patch = f"""
        import os
        from gongshi.site.images import registry; from gongshi.build import assemble; from gongshi.build.render import page_renderer
        parent, act = os.getpid(), {place}
        def dying(*arguments):
            if os.getpid() != parent:
                os._exit(9)
            return act(*arguments)
        {place} = dying
        from gongshi.site.search import index as search
        search._MIN_SHARD_PAGES = 1
    """
    result = build_on(many, 2, patch)
    assert result.exit_code == 1, result.all
    assert result.all.count("the system ended a part of this build") == 1
    assert "Traceback" not in result.all
    assert (everything(many.site), (many.site / "index.html").stat().st_ino) == before
    assert scraps(many.site) == []
    assert build_on(many, 2).exit_code == 0


@pytest.mark.slow
def test_an_error_in_a_process(many: UnitUnderTest) -> None:
    """What a process finds missing is said as it is said where there is only one."""
    patch = """
        from gongshi.common.errors import InvalidInput, Problem
        from gongshi.site.images import registry
        act = registry.ImageRegistry._process_file
        def missing(self, work):
            if work.name == "p3.png":
                raise InvalidInput([Problem("docs/news/a/p3.png", "is missing", 3)])
            return act(self, work)
        registry.ImageRegistry._process_file = missing
    """
    results = [build_on(many, count, patch) for count in (1, 2)]
    assert said(results[0]) == said(results[1])
    assert results[0].exit_code == 1
    assert "docs/news/a/p3.png:3: is missing" in results[0].all
    assert "Traceback" not in results[0].all
    assert scraps(many.site) == []


@pytest.mark.kill
def test_helpers_end_with_their_build(many: UnitUnderTest) -> None:
    """Where the build is killed, no process stays that would hold the lock of the cache for ever."""
    patch = """
        import os, pathlib, signal
        from gongshi.build.render import page_renderer
        os.setsid()
        parent = os.getpid()
        pathlib.Path("group").write_text(str(parent))
        def killing(*arguments):
            if os.getpid() != parent:
                os.kill(parent, signal.SIGKILL)
            raise ValueError
        page_renderer.PageRenderer._render_into = killing
    """
    try:
        assert build_on(many, 2, patch).exit_code == -signal.SIGKILL
        deadline = time.monotonic() + 10
        while not (lasts := _lasts(many.root)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert lasts
    finally:
        with suppress(ProcessLookupError):
            os.killpg(int((many.root / "group").read_text()), signal.SIGKILL)


def _lasts(root: Path) -> bool:
    found = object_cache.open_cache(root, bytes(32))
    found.close()
    return found.persistent


@pytest.fixture
def hurry() -> Iterator[None]:
    """Whoever waits for ever fails."""

    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def _forks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "can_copy", lambda **_: True)
    monkeypatch.setattr(parallel, "processors", lambda: 2)


HOME = os.getpid()
ITEMS = list(range(1000))


def _doubled(items: Sequence[int]) -> tuple[bool, list[int]]:
    return os.getpid() == HOME, [2 * item for item in items]


@pytest.mark.usefixtures("_forks", "hurry")
def test_two_chunks() -> None:
    """Two portions in order, the second from another process; few things are not worth one."""
    first, second = map_chunks(_doubled, ITEMS)
    assert (first[0], second[0]) == (True, False)
    assert first[1] + second[1] == [2 * item for item in ITEMS]
    assert [found[0] for found in map_chunks(_doubled, ITEMS[:400])] == [True]


def _failing(how: Callable[[], object]) -> Callable[[Sequence[int]], list[int]]:
    def act(items: Sequence[int]) -> list[int]:
        if os.getpid() != HOME:
            how()
        return list(items)

    return act


def _unpicklable() -> object:
    return lambda: None


def _raise() -> None:
    raise InvalidInput([Problem("x", "y")])


def _exit() -> None:
    sys.exit(0)


@pytest.mark.kill
@pytest.mark.usefixtures("_forks", "hurry")
@pytest.mark.parametrize(
    "how",
    [lambda: os._exit(3), lambda: os._exit(0), lambda: os.kill(os.getpid(), signal.SIGKILL), _raise, _exit],
    ids=["exit", "exit without a word", "killed", "error", "end"],
)
def test_a_chunk_that_fails_is_made_up_for(how: Callable[[], object]) -> None:
    """Whatever becomes of the other process, the result is the same."""
    assert [item for found in map_chunks(_failing(how), ITEMS) for item in found] == ITEMS


@pytest.mark.usefixtures("_forks", "hurry")
def test_a_result_that_cannot_be_sent() -> None:
    """It is made once more, here."""
    found = map_chunks(lambda items: (_unpicklable(), len(items)), ITEMS)
    assert sum(count for _function, count in found) == len(ITEMS)


@pytest.mark.usefixtures("_forks", "hurry")
def test_an_error_in_either_chunk_is_raised() -> None:
    """An error of this process is raised at once, however much the other has to tell; so is one of both."""

    def here(items: Sequence[int]) -> bytes:
        if os.getpid() == HOME:
            raise InvalidInput([Problem("x", "here")])
        return bytes(1 << 20)

    with pytest.raises(InvalidInput, match="here"):
        map_chunks(here, ITEMS)

    def there(items: Sequence[int]) -> int:
        if 900 in items:
            raise InvalidInput([Problem("x", "there")])
        return 0

    with pytest.raises(InvalidInput, match="there"):
        map_chunks(there, ITEMS)


@pytest.mark.usefixtures("_forks", "hurry")
def test_a_long_answer() -> None:
    """More than a pipe holds."""
    assert [len(found) for found in map_chunks(lambda _items: bytes(1 << 22), ITEMS)] == [1 << 22, 1 << 22]


@pytest.mark.usefixtures("_forks", "hurry")
def test_a_survey_in_two_chunks(many: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same standings, from one process and from two, also where the second dies."""
    for number in range(6):
        many.write(f"news/d{number}.md", title=f"Draft {number}")
    many.write("news/broken.md", "no front matter")
    found = loader.load_configuration(many.root / "mkdocs.yml")
    now = datetime.fromisoformat(NOW)
    whole = take_snapshot(found, now)
    fork = os.fork
    children: list[None] = []

    def counted() -> int:
        children.append(None)
        return fork()

    monkeypatch.setattr(os, "fork", counted)
    monkeypatch.setattr(parallel, "_MAX_SERIAL_FOR_CHUNKS", 1)
    second = take_snapshot(found, now)
    assert len(children) == 1
    monkeypatch.setattr(parallel, "_send", lambda *_: os._exit(1))
    third = take_snapshot(found, now)
    assert len(whole.statuses) == 9
    assert list(second.statuses.items()) == list(whole.statuses.items()) == list(third.statuses.items())
    assert [path for path, _public in whole.public()] == [path for path, _public in second.public()]


@pytest.mark.usefixtures("_forks", "hurry")
def test_a_check_in_two_chunks(many: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same problems, from one process and from two."""
    for number in range(6):
        many.write(f"news/l{number}.md", title=f"Link {number}", body="[a](../nowhere/) <script>x</script>")
    whole = many.gongshi("check")
    monkeypatch.setattr(parallel, "_MAX_SERIAL_FOR_CHUNKS", 1)
    assert whole.output.count("[advice]") >= 12
    assert many.gongshi("check").output == whole.output


GRANTED = """
import os
fork, count = os.fork, [0]
def few():
    count[0] += 1
    if count[0] > {granted}:
        raise BlockingIOError(11, "Resource temporarily unavailable")
    return fork()
os.fork = few
"""


@pytest.mark.slow
@pytest.mark.parametrize("granted", [0, 1])
def test_where_the_system_grants_no_process(many: UnitUnderTest, granted: int) -> None:
    """All is done in one process, and nothing hangs."""
    assert build_on(many, 1).exit_code == 0
    expected = everything(many.site)
    forget(many)
    result = build_on(many, 2, GRANTED.format(granted=granted))
    assert result.exit_code == 0, result.all
    assert everything(many.site) == expected


def test_a_survey_where_no_process_is_granted(monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other."""

    def none() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", none)
    monkeypatch.setattr(parallel, "can_copy", lambda **_: True)
    monkeypatch.setattr(parallel, "processors", lambda: 2)
    assert map_chunks(len, range(1000)) == [1000]
