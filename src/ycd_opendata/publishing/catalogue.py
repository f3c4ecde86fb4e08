"""The catalogue: a folder of releases, each written once and never changed.

::

    v1.0.0/         a release
    latest/         a copy of the highest release; of a pre-release only if there is no other
    changes/        OLD..NEW.json: what leads from a release to the next
    versions.json   every release with date, place, checksum, bump, records and what changed (by
                    table and rule), and which one is latest
    CHANGELOG.md    the same for people, below words of their own
    index.html      the site (ycd_opendata.site), with a folder a language, 404.html, assets/,
                    records/, and what an extension adds, such as charts/ and series/

A release is written beside its place, verified there, and moved in (moving.py).
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ycd_opendata.errors import PackageError, ReleaseError
from ycd_opendata.loader.derived_tables import own_tables
from ycd_opendata.messages import mark, say, spoken
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import read_package
from ycd_opendata.package.release_list import CHECKSUMS, VERSIONS, read_release_list, sha256
from ycd_opendata.publishing.changelog import CHANGELOG, changelog_text
from ycd_opendata.publishing.contents import Contents
from ycd_opendata.publishing.moving import (
    CHANGES,
    NEW,
    VIEWS,
    finish_what_was_killed,
    move_in,
    staging,
    write_atomically,
)
from ycd_opendata.publishing.release import write_release
from ycd_opendata.publishing.verifying import first_difference, verify_release
from ycd_opendata.semantic_version import Version, parse_version
from ycd_opendata.shown import json_text
from ycd_opendata.site.building import write_site
from ycd_opendata.validation.findings import Report
from ycd_opendata.versioning.change_formats import change_file, summary
from ycd_opendata.versioning.comparing import compare

Entries = dict[str, dict[str, Any]]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Published:
    """What a build did: the release's folder, its validation, and whether it was there before.

    ``notes`` has a sentence for each table that some file of the release has no room for, and for
    each column that formats keep in different ways.
    """

    version: str
    folder: Path
    report: Report
    was_there: bool
    tables: int
    rows: int
    notes: tuple[str, ...] = ()


def publish(
    package: Package,
    catalogue: Path,
    base_url: str | None = None,
    formats: Sequence[str] | None = None,
    on_step: Callable[[str], object] = lambda _: None,
) -> Published:
    """Write a valid package's release into a catalogue.

    ``base_url`` is where the catalogue will stand on the web; without it all links are relative.
    ``formats`` are as in ``plan_release``; ``on_step`` is told what is done next.

    Raises ReleaseError where the version or date is none, the release would not verify, or this
    version was released with other content. Nothing is left behind.
    """
    version = _release_version(package)
    base = _normal_url(base_url) if base_url is not None else None
    with staging(catalogue) as aside:
        finish_what_was_killed(catalogue, aside)
        entries = _read_entries(catalogue)
        staged = aside / f"v{version}"
        staged.mkdir()
        contents = write_release(package, staged, base, formats, on_step)
        on_step(say("verifying the release"))
        report = verify_release(staged)
        if not report.valid:
            template = mark("the written release has {report} errors, first: {message}")
            raise ReleaseError(
                say(template, report=report.count("error"), message=report.findings[0].message)
            )
        folder = catalogue / staged.name
        was_there = folder.exists()
        if was_there:
            _refuse_difference(folder, staged)
        incoming = aside / "incoming"
        for each in (NEW, VIEWS):
            (incoming / each).mkdir(parents=True)
        if version not in entries:
            entries[version] = _entry(contents, staged)
            entries[version] |= _changes(catalogue, entries, staged, incoming / NEW)
        listed = _versions(entries, base)
        write_atomically(incoming / VERSIONS, json_text(listed).encode())
        _write_views(catalogue, incoming / VIEWS, staged, listed)
        on_step(say("writing the site"))
        _write_site(catalogue, incoming, staged, listed, base, package)
        if not was_there:
            staged.rename(incoming / NEW / staged.name)
        on_step(say("moving it into place"))
        move_in(catalogue, incoming)
    rows = sum(each.extent.rows for each in contents.tables)
    notes = (*contents.left_out, *contents.notes())
    return Published(version, folder, report, was_there, len(contents.tables), rows, notes)


def _write_views(catalogue: Path, views: Path, staged: Path, listed: Mapping[str, Any]) -> None:
    """Write what follows the releases into a folder; each file or folder in it replaces one."""
    if staged.name == f"v{listed['latest']}":
        shutil.copytree(staged, views / "latest")
    text = changelog_text(catalogue / CHANGELOG, listed["releases"])
    (views / CHANGELOG).write_text(text, encoding="utf-8", newline="")


def _write_site(
    catalogue: Path,
    incoming: Path,
    staged: Path,
    listed: Mapping[str, Any],
    base: str | None,
    package: Package,
) -> None:
    """Write the site of the catalogue as it will be, of its newest release, among the views."""
    newest = f"v{listed['latest']}"
    release = staged if staged.name == newest else catalogue / newest
    changes = {}
    for each in listed["releases"]:
        if each.get("changes"):
            new = incoming / NEW / each["changes"]
            changes[each["version"]] = new if new.exists() else catalogue / each["changes"]
    paths = {each.name: each.paths[0] for each in package.resources if len(each.paths) == 1}
    settings = package.settings.site
    write_site(incoming / VIEWS, release, listed["releases"], changes, base, settings, paths)


def _release_version(package: Package) -> str:
    """The version, if it and the day of the release are said; what is not is asked for at once."""
    lacking, to_write = [], []
    if parse_version(package.version) is None:
        odd = say("version {version!r} is not MAJOR.MINOR.PATCH", version=package.version)
        lacking.append(odd if package.version else say("the package has no version"))
        to_write.append('"version": "1.0.0"')
    if not _DAY.match(package.created):
        lacking.append(say("the package says no day of release"))
        to_write.append('"created": "2022-01-17T00:00:00Z"')
    if lacking:
        template = mark("write it into {name}, such as {to_write}")
        raise ReleaseError(
            say("{lacking}, so it cannot be released", lacking=say(" and ").join(lacking)),
            say(template, name=package.descriptor_path.name, to_write=", ".join(to_write)),
        )
    return package.version


def _normal_url(base_url: str) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ReleaseError(
            say("--base-url {base_url!r} is no web address of a folder", base_url=base_url),
            say("such as https://example.org/data/"),
        )
    return base_url.rstrip("/") + "/"


def _refuse_difference(released: Path, staged: Path) -> None:
    """Raise if a version that was released before would now have other content."""
    difference = first_difference(released, staged)
    if difference is not None:
        template = mark("{released} was released with other content: {difference}")
        raise ReleaseError(
            say(template, released=released.name, difference=difference),
            say("what was released is never changed: raise the version in datapackage.json"),
        )


def _changes(catalogue: Path, entries: Entries, staged: Path, new: Path) -> dict[str, Any]:
    """What leads to a new release from the one below it: a change file, and a line about it."""
    version = staged.name.removeprefix("v")
    below = [each for each in entries if _rank(each)[0] < _rank(version)[0]]
    if not below:
        return {"bump": None, "summary": "the first release", "changes": None}
    before = max(below, key=_rank)
    comparison = compare(read_package(catalogue / f"v{before}"), read_package(staged))
    with spoken("en"):  # as all of a release is
        line = summary(comparison)
    name = f"{before}..{version}.json"
    (new / CHANGES).mkdir()
    with (new / CHANGES / name).open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(change_file(comparison))
    changed: dict[str, Counter[str]] = {}
    for each in comparison.groups:
        changed.setdefault(each.table, Counter())[each.rule.name] += each.count
    return {
        "bump": comparison.bump.name,
        "summary": line,
        "changes": f"{CHANGES}/{name}",
        "changed": changed,
    }


def _rank(version: str) -> tuple[Version, str]:
    """By precedence; versions that differ in their build metadata only have an order too."""
    parsed = parse_version(version)
    assert parsed is not None  # the list of releases was read with care
    return parsed, version


def _read_entries(catalogue: Path) -> Entries:
    """The releases that the catalogue lists, by version."""
    if not (catalogue / VERSIONS).exists():
        return {}
    try:
        return read_release_list(catalogue / VERSIONS)
    except PackageError as error:
        raise ReleaseError(error.message, say("restore it, or build elsewhere")) from error


def _entry(contents: Contents, staged: Path) -> dict[str, Any]:
    """The entry of the staged release, whose checksum is that of its checksums."""
    package, own = contents.package, own_tables(contents.package)
    return {
        "version": package.version,
        "date": package.created[:10],
        "sha256": sha256(staged / CHECKSUMS),
        "records": {each.name: each.extent.rows for each in contents.tables if each.name in own},
    }


def _versions(entries: Mapping[str, Mapping[str, Any]], base: str | None) -> dict[str, Any]:
    """The content of ``versions.json``, newest release first."""
    ordered = sorted(entries, key=_rank, reverse=True)
    final = [each for each in ordered if not _rank(each)[0].prerelease]
    return {
        "latest": (final or ordered)[0],
        "releases": [
            {**entries[version], "url": f"{base or ''}v{version}/datapackage.json"}
            for version in ordered
        ],
    }
