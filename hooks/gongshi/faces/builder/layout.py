"""Everything that a build makes, kept by its hash and laid out as a site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from gongshi.domain.naming import folder_of, output_of
from gongshi.domain.version import Version, sha256
from gongshi.faces.builder.exhibition import SITEMAP, Exhibition
from gongshi.faces.builder.finder import leaf_of
from gongshi.faces.builder.hands import spread
from gongshi.faces.builder.press import Sheet
from gongshi.faces.builder.report import behind_the_gate
from gongshi.faces.builder.stamp import Fingerprints
from gongshi.outputs import audit, search
from gongshi.outputs.cache import Cache, Values
from gongshi.outputs.manifest import Listed
from gongshi.outputs.search import Leaf, Shard
from gongshi.outputs.views import EntryView

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
    listed = {output_of(path): shown.listed(shown.views[path], sheet.sha256) for path, sheet in sheets.items()}
    for path, load in shown.files.items():
        version = shown.versions[path]
        digest = _approved(path, version)
        if cache.kept(f"bytes {digest}", digest) is None:
            cache.keep(load())
            cache.note(f"bytes {digest}", digest, {"objects": [digest]})
        listed[path] = Listed(digest, "file", version.path, version.digest)
    for path, digest in shown.pictures.items():
        version = shown.versions[path]
        listed[path] = Listed(digest, "picture", version.path, version.digest)
    generated = {**_gathered(shown, cache, prints), **_search(shown, sheets, cache)}
    listed.update((path, Listed(digest, "generated")) for path, digest in generated.items())
    return listed


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


def _search(shown: Exhibition, sheets: Mapping[str, Sheet], cache: Cache) -> dict[str, str]:
    shards = search.shards(_leaves(shown, sheets, cache))
    found = {path: cache.keep(content) for path, content in search.overview(shards).items()}
    for path, digest in found.items():
        cache.note(f"search {path}", digest, {"objects": [digest]})
    missing: list[Shard] = []
    for shard in shards:
        values = cache.kept(f"shard {shard.key}", shard.key)
        if values is None:
            missing.append(shard)
        else:
            found.update(zip(values["paths"], values["objects"], strict=True))
    for shard, values in zip(missing, spread(partial(_shard, cache), missing, few=1), strict=True):
        cache.note(f"shard {shard.key}", shard.key, values)
        found.update(zip(values["paths"], values["objects"], strict=True))
    return found


def _shard(cache: Cache, shard: Shard) -> Values:
    kept = {path: cache.keep(content) for path, content in shard.files().items()}
    return {"paths": list(kept), "objects": list(kept.values())}


def _leaves(shown: Exhibition, sheets: Mapping[str, Sheet], cache: Cache) -> Iterator[Leaf]:
    for path, sheet in sheets.items():
        view = shown.views[path]
        if isinstance(view, EntryView) and sheet.words:
            yield leaf_of(view, shown.policy, sheet.size, sheet.words, partial(cache.object, sheet.words))


def lay_out(listed: Mapping[str, Listed], cache: Cache, site: str) -> None:
    """Put the files into the folder of a site.

    Args:
        listed: what it holds, by path.
        cache: where it was kept.
        site: the folder.

    Raises:
        Damaged: something is not in the cache any more.
        BuildError: something else has a file's place.
    """
    there = {""}
    for path, file in listed.items():
        folder = folder_of(path)
        try:
            if folder not in there:
                Path(site, folder).mkdir(parents=True, exist_ok=True)
                there.add(folder)
            cache.lay(file.sha256, f"{site}/{path}")
        except FileExistsError:
            raise behind_the_gate(path) from None


def packed_site_map(site: Path, listed: Mapping[str, Listed]) -> dict[str, Listed]:
    """What MkDocs packs from the site map, packed so that it is the same on every machine.

    Args:
        site: the folder of the site.
        listed: what it holds, the site map among it.
    """
    packed = site / f"{SITEMAP}.gz"
    if not packed.is_file() or sha256(audit.unpacked(packed)) != listed[SITEMAP].sha256:
        return {}
    content = audit.packed((site / SITEMAP).read_bytes())
    packed.write_bytes(content)
    return {packed.name: Listed(sha256(content), "generated")}
