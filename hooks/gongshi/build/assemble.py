"""Everything that a build makes, kept by its hash and laid out as a site."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from pathlib import Path

from mkdocs.exceptions import BuildError

from gongshi.build.cache.fingerprints import Fingerprints
from gongshi.build.log import behind_the_gate
from gongshi.build.render.page_renderer import Sheet
from gongshi.common.errors import printable
from gongshi.common.files import parent_folders, umask
from gongshi.common.object_cache import Cache, Values
from gongshi.common.parallel import spread
from gongshi.domain.content.paths import folder_of, output_of
from gongshi.domain.content.version import Version
from gongshi.i18n import gettext as _
from gongshi.release import folder_audit, manifest
from gongshi.release.manifest import Listed, Manifest
from gongshi.site.content import SITEMAP, Exhibition
from gongshi.site.generated_files import Load
from gongshi.site.pages.models import EntryView, ListView, NoticeView, View
from gongshi.site.search import index
from gongshi.site.search.documents import indexed_page
from gongshi.site.search.index import IndexedPage, Shard

_FEW = 8
"""So many files are made before two processes have begun."""


def made(shown: Exhibition, sheets: Mapping[str, Sheet], cache: Cache, prints: Fingerprints) -> dict[str, Listed]:
    """Make every file of the site and keep it.

    Args:
        shown: what is built.
        sheets: its pages.
        cache: keeps what was made.
        prints: says of what something is made.

    Returns:
        What the site holds, by path.
    """
    listed = {output_of(path): _listed(shown, shown.views[path], sheet.sha256) for path, sheet in sheets.items()}
    for path, load in shown.files.items():
        version = shown.versions[path]
        digest = _approved(path, version)
        _keep(digest, load, cache)
        listed[path] = Listed(digest, "file", version.path, version.digest)
    for path, digest in shown.pictures.items():
        version = shown.versions[path]
        listed[path] = Listed(digest, "picture", version.path, version.digest)
    for path, digest in shown.media.items():
        version = shown.versions[path]
        listed[path] = Listed(digest, "media", version.path, version.digest)
    for path, content in shown.host.files.items():
        digest = cache.keep(content)
        cache.note(f"host {path}", digest, {"objects": [digest]})
        listed[path] = Listed(digest, "host")
    generated = {**_gathered(shown, cache, prints), **_search(shown, sheets, cache, prints)}
    listed.update((path, Listed(digest, "generated")) for path, digest in generated.items())
    return listed


def _keep(digest: str, load: Load, cache: Cache) -> None:
    """Keep bytes whose hash is known; they are read only where they are not kept yet."""
    if cache.kept(f"bytes {digest}", digest) is None:
        cache.keep(load())
        cache.note(f"bytes {digest}", digest, {"objects": [digest]})


def _approved(path: str, version: Version) -> str:
    return version.files[path.removeprefix(folder_of(version.path))]


def _gathered(shown: Exhibition, cache: Cache, prints: Fingerprints) -> dict[str, str]:
    """Feeds, calendars and the like."""
    keys = {path: prints.of(made.of) for path, made in shown.made.items()}
    found = {path: cache.kept(f"made {path}", key) for path, key in keys.items()}
    missing = [path for path, values in found.items() if values is None]
    for path, digest in zip(missing, spread(lambda path: cache.keep(shown.made[path].load()), missing), strict=True):
        found[path] = {"objects": [digest]}
        cache.note(f"made {path}", keys[path], {"objects": [digest]})
    return {path: values["objects"][0] for path, values in found.items() if values}


def _search(shown: Exhibition, sheets: Mapping[str, Sheet], cache: Cache, prints: Fingerprints) -> dict[str, str]:
    shards = index.shards(_indexed_pages(shown, sheets, cache))
    found = {path: cache.keep(content) for path, content in index.overview(shards).items()}
    keys = {shard.key: prints.of(shard.key) for shard in shards}
    for path, digest in found.items():
        cache.note(f"search {path}", digest, {"objects": [digest]})
    missing: list[Shard] = []
    for shard in shards:
        values = cache.kept(f"shard {shard.key}", keys[shard.key])
        if values is None:
            missing.append(shard)
        else:
            found.update(zip(values["paths"], values["objects"], strict=True))
    for shard, values in zip(missing, spread(partial(_shard, cache), missing, few=1), strict=True):
        cache.note(f"shard {shard.key}", keys[shard.key], values)
        found.update(zip(values["paths"], values["objects"], strict=True))
    return found


def _shard(cache: Cache, shard: Shard) -> Values:
    kept = {path: cache.keep(content) for path, content in shard.files().items()}
    return {"paths": list(kept), "objects": list(kept.values())}


def _indexed_pages(shown: Exhibition, sheets: Mapping[str, Sheet], cache: Cache) -> Iterator[IndexedPage]:
    for path, sheet in sheets.items():
        view = shown.views[path]
        if isinstance(view, EntryView) and sheet.words:
            yield indexed_page(view, shown.policy, sheet.size, sheet.words, partial(cache.object, sheet.words))


def _listed(shown: Exhibition, view: View, digest: str) -> Listed:
    """Return a page as the manifest lists it.

    Args:
        shown: everything that is published.
        view: the page.
        digest: SHA-256 of its bytes.
    """
    version = shown.versions.get(view.source)
    kinds = ((EntryView, "page"), (ListView, "list"), (NoticeView, "notice"))
    kind = next((kind for type_, kind in kinds if isinstance(view, type_)), "generated")
    entry = view.source if version or kind == "notice" else None
    return Listed(digest, kind, entry, version.digest if version else None)


def lay_out(listed: Mapping[str, Listed], cache: Cache, site: Path) -> dict[str, int]:
    """Let a folder hold these files and nothing else; what lies there already as a link to the same object stays.

    Every object is read and compared with its hash before the first is laid, and every copy as it is made: whatever
    becomes of the folder, it never holds a byte that was not listed.

    Args:
        listed: what it is to hold, by path.
        cache: where it was kept.
        site: the folder: empty, or a site of an earlier build.

    Returns:
        The inodes of the objects by SHA-256, where inodes tell which file one is.

    Raises:
        Damaged: something is not in the cache any more.
        BuildError: a file has the name of a folder that another file needs.
    """
    needed = {f"{folder}/" for folder in parent_folders(listed)}
    _refuse_collisions(listed, needed)
    inodes = cache.inodes({file.sha256 for file in listed.values()}, site)
    kept = {path: inode for path, file in listed.items() if (inode := inodes.get(file.sha256))}
    there = _cleared(site, kept, needed)
    folders = {""}
    for path, file in listed.items():
        if path not in there:
            if (folder := folder_of(path)) not in folders:
                Path(site, folder).mkdir(parents=True, exist_ok=True)
                folders.add(folder)
            cache.lay(file.sha256, f"{site}/{path}")
    return inodes


def _refuse_collisions(listed: Mapping[str, Listed], folders: Collection[str]) -> None:
    """Stop where a file has the name of a folder; what is public was sorted out before, so this is for other files."""
    for path in listed:
        if f"{path}/" in folders:
            other = next(each for each in listed if each.startswith(f"{path}/"))
            message = _("{path} and {other} cannot stand side by side in the site; rename one of them")
            raise BuildError(message.format(path=_named(path, listed), other=_named(other, listed)))


def _named(path: str, listed: Mapping[str, Listed]) -> str:
    """A file with the entry that it comes from."""
    entry = listed[path].entry
    return printable(f"{path} ({entry})" if entry else path)


def prepare(made: Manifest, cache: Cache) -> None:
    """After a first build, put a second site of links beside the cache: the next build changes that one.

    Args:
        made: what was built.
        cache: where it was kept.

    Raises:
        OSError: there is no room for it.
        Damaged: something is not in the cache any more.
    """
    spare = cache.spare
    if spare and not spare.exists():
        spare.mkdir()
        lay_out(made.files, cache, spare)
        (spare / manifest.PATH).parent.mkdir(exist_ok=True)
        (spare / manifest.PATH).write_bytes(made.content)


def _cleared(site: Path, files: Mapping[str, int], folders: Collection[str]) -> set[str]:
    """Remove everything but files with these inodes and these folders; which of the files are there."""
    mode = 0o777 & ~umask()
    there: set[str] = set()
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(f"{site}/{prefix}") as found:
            entries = list(found)
        for entry in entries:
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                if f"{path}/" in folders:
                    if entry.stat(follow_symlinks=False).st_mode & 0o777 != mode:
                        Path(entry.path).chmod(mode)
                    waiting.append(f"{path}/")
                else:
                    shutil.rmtree(entry.path)
            elif files.get(path) == entry.inode():
                there.add(path)
            else:
                Path(entry.path).unlink()
    return there


def taken_over(folder: Path, outputs: Mapping[str, Listed], cache: Cache) -> dict[str, Listed]:
    """Keep what MkDocs wrote: the theme's files and the pages that belong to no entry.

    Args:
        folder: where MkDocs wrote it.
        outputs: what it was given to write, by path; the site map among it.
        cache: keeps it.

    Returns:
        The same files.

    Raises:
        BuildError: something is there that MkDocs was not given, or is not as it was given.
    """
    found = dict(outputs)
    # MkDocs also packs the site map, in other bytes on each machine. Search engines read the plain one.
    (folder / f"{SITEMAP}.gz").unlink(missing_ok=True)
    if wrong := folder_audit.findings(folder, found):
        raise behind_the_gate(wrong[0].path)
    for path, file in found.items():
        _keep(file.sha256, (folder / path).read_bytes, cache)
    return found
