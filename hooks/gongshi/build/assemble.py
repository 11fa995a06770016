"""Assembling and auditing: every file of the site is stored in the build cache, linked into a folder and read again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from mkdocs.exceptions import BuildError

from gongshi.build.cache.fingerprints import Fingerprints
from gongshi.build.cache.tool_versions import made_with
from gongshi.build.log import unapproved_file_error
from gongshi.build.render.page_renderer import PageRenderer, RenderedPage
from gongshi.common.errors import printable
from gongshi.common.files import STATE_DIR, parent_folders, public_permissions, umask, write_atomic
from gongshi.common.object_cache import CacheDamaged, ObjectCache, Values
from gongshi.common.parallel import map_parallel
from gongshi.domain.content.paths import output_path, parent_dir
from gongshi.domain.content.version import Version
from gongshi.i18n import gettext as _
from gongshi.release import folder_audit, manifest
from gongshi.release.manifest import SITE, Manifest, ManifestFile
from gongshi.site.content import SITEMAP, SiteContent
from gongshi.site.generated_files import Load
from gongshi.site.pages.models import EntryPage, ListPage, NoticePage, Page
from gongshi.site.search import index
from gongshi.site.search.documents import indexed_page
from gongshi.site.search.index import IndexedPage, Shard


@dataclass(frozen=True)
class SiteSources:
    """Everything that a site is assembled from."""

    content: SiteContent
    """Pages, files of bundles, generated files, files for the host."""
    renderer: PageRenderer
    fingerprints: Fingerprints
    """The cache keys."""
    mkdocs_folder: Path
    """The folder that MkDocs wrote to."""
    mkdocs_files: Mapping[str, ManifestFile]
    """The files that MkDocs was given to write there, by path."""
    now: datetime
    """The moment at which the unit was judged."""


@dataclass(frozen=True)
class AssembledSite:
    """A site in a folder that nobody sees yet."""

    manifest: Manifest
    differences: Sequence[folder_audit.AuditFinding]
    """Differences between folder and manifest; a site with any must not be published."""
    pages: Mapping[str, RenderedPage] = field(default_factory=dict)
    """By Markdown file or virtual path."""
    inodes: Mapping[str, int] = field(default_factory=dict)
    """Inodes of the files by SHA-256; empty where inodes do not identify files."""


def assemble(sources: SiteSources, cache: ObjectCache, folder: Path) -> AssembledSite:
    """Let a folder hold the site and nothing else, then compare it with the manifest.

    Args:
        sources: what the site is assembled from.
        cache: the build cache.
        folder: the folder: empty, or a site of an earlier build.

    Returns:
        The site. It has differences if the cache is damaged or the folder is not what the manifest lists.

    Raises:
        BuildError: MkDocs wrote something else than it was given, or two files need the same name.
    """
    listed: dict[str, ManifestFile] = {}
    try:
        listed = adopt_mkdocs_output(sources.mkdocs_folder, sources.mkdocs_files, cache)
        pages = sources.renderer.render_all(cache, sources.fingerprints)
        listed.update(store_all(sources.content, pages, cache, sources.fingerprints))
        document = _manifest(sources, listed)
        with public_permissions():
            inodes = link_into(listed, cache, folder)
            write_atomic(folder / manifest.PATH, document.content)
    except CacheDamaged:
        unreadable = folder_audit.AuditFinding(STATE_DIR, folder_audit.Difference.UNREADABLE)
        return AssembledSite(_manifest(sources, listed), [unreadable])
    differences = folder_audit.audit_folder(folder, document.all_files, read=inodes)
    return AssembledSite(document, differences, pages, inodes)


def _manifest(sources: SiteSources, listed: Mapping[str, ManifestFile]) -> Manifest:
    policy = sources.content.policy
    return Manifest(SITE, policy.unit.name, policy.assurance, sources.now, made_with(), listed)


def adopt_mkdocs_output(folder: Path, files: Mapping[str, ManifestFile], cache: ObjectCache) -> dict[str, ManifestFile]:
    """Store the files that MkDocs wrote: the theme's files and the pages that belong to no entry.

    Args:
        folder: the folder that MkDocs wrote to.
        files: the files that MkDocs was given to write, by path.
        cache: the build cache.

    Returns:
        The same files.

    Raises:
        BuildError: the folder holds another file, or one of the files has other bytes or is missing.
    """
    found = dict(files)
    # MkDocs also compresses the site map, with other bytes on each machine. Search engines read the plain one.
    (folder / f"{SITEMAP}.gz").unlink(missing_ok=True)
    if differences := folder_audit.audit_folder(folder, found):
        raise unapproved_file_error(differences[0].path)
    for path, file in found.items():
        _store(file.sha256, (folder / path).read_bytes, cache)
    return found


def store_all(
    content: SiteContent, pages: Mapping[str, RenderedPage], cache: ObjectCache, prints: Fingerprints
) -> dict[str, ManifestFile]:
    """Store every file of the site that MkDocs did not write.

    Args:
        content: what is built.
        pages: its pages, stored already.
        cache: the build cache.
        prints: the cache keys.

    Returns:
        The files by path, as the manifest lists them.
    """
    listed = {
        output_path(path): _listed_page(content, content.pages[path], page.sha256) for path, page in pages.items()
    }
    for path, load in content.files.items():
        version = content.versions[path]
        digest = _approved_sha256(path, version)
        _store(digest, load, cache)
        listed[path] = ManifestFile(digest, "file", version.path, version.digest)
    for path, digest in content.pictures.items():
        version = content.versions[path]
        listed[path] = ManifestFile(digest, "picture", version.path, version.digest)
    for path, digest in content.media.items():
        version = content.versions[path]
        listed[path] = ManifestFile(digest, "media", version.path, version.digest)
    for path, host_file in content.host.files.items():
        digest = cache.put(host_file)
        cache.set(f"host {path}", digest, {"objects": [digest]})
        listed[path] = ManifestFile(digest, "host")
    generated = {**_store_generated(content, cache, prints), **_store_search(content, pages, cache, prints)}
    listed.update((path, ManifestFile(digest, "generated")) for path, digest in generated.items())
    return listed


def _store(digest: str, load: Load, cache: ObjectCache) -> None:
    """Store bytes whose SHA-256 is known; they are read only if the cache does not have them."""
    if cache.get(f"bytes {digest}", digest) is None:
        cache.put(load())
        cache.set(f"bytes {digest}", digest, {"objects": [digest]})


def _approved_sha256(path: str, version: Version) -> str:
    return version.files[path.removeprefix(parent_dir(version.path))]


def _store_generated(content: SiteContent, cache: ObjectCache, prints: Fingerprints) -> dict[str, str]:
    """Store feeds, calendars and other generated files; return their SHA-256 by path."""
    keys = {path: prints.of(file.depends_on) for path, file in content.generated.items()}
    found = {path: cache.get(f"made {path}", key) for path, key in keys.items()}
    missing = [path for path, values in found.items() if values is None]
    stored = map_parallel(lambda path: cache.put(content.generated[path].load()), missing)
    for path, digest in zip(missing, stored, strict=True):
        found[path] = {"objects": [digest]}
        cache.set(f"made {path}", keys[path], {"objects": [digest]})
    return {path: values["objects"][0] for path, values in found.items() if values}


def _store_search(
    content: SiteContent, pages: Mapping[str, RenderedPage], cache: ObjectCache, prints: Fingerprints
) -> dict[str, str]:
    """Store the files of the search index; return their SHA-256 by path."""
    shards = index.shards(_searched_pages(content, pages, cache))
    found = {path: cache.put(file) for path, file in index.overview(shards).items()}
    keys = {shard.key: prints.of(shard.key) for shard in shards}
    for path, digest in found.items():
        cache.set(f"search {path}", digest, {"objects": [digest]})
    missing: list[Shard] = []
    for shard in shards:
        values = cache.get(f"shard {shard.key}", keys[shard.key])
        if values is None:
            missing.append(shard)
        else:
            found.update(zip(values["paths"], values["objects"], strict=True))
    for shard, values in zip(missing, map_parallel(partial(_store_shard, cache), missing, few=1), strict=True):
        cache.set(f"shard {shard.key}", keys[shard.key], values)
        found.update(zip(values["paths"], values["objects"], strict=True))
    return found


def _store_shard(cache: ObjectCache, shard: Shard) -> Values:
    stored = {path: cache.put(file) for path, file in shard.files().items()}
    return {"paths": list(stored), "objects": list(stored.values())}


def _searched_pages(
    content: SiteContent, pages: Mapping[str, RenderedPage], cache: ObjectCache
) -> Iterator[IndexedPage]:
    for path, page in pages.items():
        view = content.pages[path]
        if isinstance(view, EntryPage) and (digest := page.search_sha256):
            yield indexed_page(view, content.policy, page.search_size, digest, partial(cache.read, digest))


def _listed_page(content: SiteContent, view: Page, digest: str) -> ManifestFile:
    """Return a page as the manifest lists it.

    Args:
        content: what is built.
        view: the page.
        digest: SHA-256 of its HTML.
    """
    version = content.versions.get(view.source)
    kinds = ((EntryPage, "page"), (ListPage, "list"), (NoticePage, "notice"))
    kind = next((kind for type_, kind in kinds if isinstance(view, type_)), "generated")
    entry = view.source if version or kind == "notice" else None
    return ManifestFile(digest, kind, entry, version.digest if version else None)


def link_into(listed: Mapping[str, ManifestFile], cache: ObjectCache, folder: Path) -> dict[str, int]:
    """Let a folder hold these files and nothing else; files that are links to the right object already stay.

    Every object is read and compared with its hash before the first is linked, and every copy while it is made. So
    the folder never holds a byte that was not listed, even if the build ends in the middle.

    Args:
        listed: the files by path.
        cache: the build cache; it has all of them.
        folder: the folder: empty, or a site of an earlier build.

    Returns:
        The inodes of the files by SHA-256; empty where inodes do not identify files.

    Raises:
        CacheDamaged: a file is missing in the cache, or has other bytes there.
        BuildError: a file has the name of a folder that another file needs.
    """
    needed = {f"{parent}/" for parent in parent_folders(listed)}
    _refuse_collisions(listed, needed)
    inodes = cache.inodes({file.sha256 for file in listed.values()}, folder)
    linked = {path: inode for path, file in listed.items() if (inode := inodes.get(file.sha256))}
    present = _remove_others(folder, linked, needed)
    created = {""}
    for path, file in listed.items():
        if path not in present:
            if (parent := parent_dir(path)) not in created:
                Path(folder, parent).mkdir(parents=True, exist_ok=True)
                created.add(parent)
            cache.link_to(file.sha256, f"{folder}/{path}")
    return inodes


def _refuse_collisions(listed: Mapping[str, ManifestFile], folders: Collection[str]) -> None:
    """Stop if a file has the name of a folder; public entries are checked before, so this is for other files."""
    for path in listed:
        if f"{path}/" in folders:
            other = next(each for each in listed if each.startswith(f"{path}/"))
            message = _("{path} and {other} cannot stand side by side in the site; rename one of them")
            raise BuildError(message.format(path=_with_entry(path, listed), other=_with_entry(other, listed)))


def _with_entry(path: str, listed: Mapping[str, ManifestFile]) -> str:
    """Return a file's path with the entry that it belongs to."""
    entry = listed[path].entry
    return printable(f"{path} ({entry})" if entry else path)


def _remove_others(site: Path, files: Mapping[str, int], folders: Collection[str]) -> set[str]:
    """Remove everything but files with these inodes and these folders; return which of the files are present."""
    mode = 0o777 & ~umask()
    present: set[str] = set()
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
                present.add(path)
            else:
                Path(entry.path).unlink()
    return present


def prepare_spare(built: Manifest, cache: ObjectCache) -> None:
    """After a first build, make a second copy of the site beside the cache: the next build changes that one.

    Args:
        built: the manifest of the site.
        cache: the build cache.

    Raises:
        OSError: there is no room for it.
        CacheDamaged: a file is missing in the cache, or has other bytes there.
    """
    spare = cache.spare
    if spare and not spare.exists():
        spare.mkdir()
        link_into(built.files, cache, spare)
        (spare / manifest.PATH).parent.mkdir(exist_ok=True)
        (spare / manifest.PATH).write_bytes(built.content)
