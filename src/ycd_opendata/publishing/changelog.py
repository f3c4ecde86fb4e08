"""The catalogue's ``CHANGELOG.md``: words of people's own above, what is counted below.

::

    # Changes

    Whatever people write here is kept.

    <!-- generated: from here on written anew by each build -->

    ## 1.1.0 (2026-11-25)
    ...

The generated part follows from the list of releases alone, so two builds write the same. What
comes from data is text in it, never markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ycd_opendata.errors import ReleaseError
from ycd_opendata.messages import mark, reason_of, say
from ycd_opendata.shown import counted_in_english, markdown

CHANGELOG = "CHANGELOG.md"
MARKER = "<!-- generated: from here on written anew by each build -->"

_HEAD = "# Changes\n\nWords of your own go here; they are kept.\n\n"


def changelog_text(kept: Path, releases: list[Mapping[str, Any]]) -> str:
    """The changelog of a catalogue.

    What stands above the marker of ``kept``, the changelog so far, is kept, all of it if it has
    none; ``releases`` are the entries of ``versions.json``, newest first.

    Raises ReleaseError where the changelog so far is not text, or has its marker more than once.
    """
    lines = (line + "\n" for each in releases for line in ("", *_lines(each)))
    return _head(kept) + MARKER + "\n" + "".join(lines)


def _head(kept: Path) -> str:
    if not kept.exists():
        return _HEAD
    try:
        # Line ends are people's too.
        text = kept.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(
            say("{name!r} cannot be read: {error}", name=kept.name, error=reason_of(error)),
            say("save it as UTF-8"),
        ) from error
    head, *rest = text.split(MARKER)
    if len(rest) > 1:
        template = mark("{name!r} has its marker {number} times, so nobody can tell what to keep")
        raise ReleaseError(
            say(template, name=kept.name, number=len(rest)),
            say("leave one line {marker!r}, below what is to be kept", marker=MARKER),
        )
    return head if rest or not head or head.endswith("\n\n") else head.rstrip("\n") + "\n\n"


def _lines(release: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {release['version']} ({release['date']})"
    yield ""
    yield _sentence(release)
    counts = {
        table: _by_kind(kinds) for table, kinds in sorted((release.get("changed") or {}).items())
    }
    if counts:
        yield ""
        yield from (
            f"- {markdown(table) if table else 'the package'}: {what}"
            for table, what in counts.items()
        )


def _sentence(release: Mapping[str, Any]) -> str:
    changes = release.get("changes")
    if not changes:
        records: Mapping[str, int] = release.get("records") or {}
        count = counted_in_english(sum(records.values()), "record")
        return f"The first release: {count} in {counted_in_english(len(records), 'table')}."
    bump = release.get("bump") or "none"
    needed = "No change in the data" if bump == "none" else f"A {bump} version by what changed"
    return f"{needed}: [every change]({changes})."


def _by_kind(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {markdown(kind)}" for kind, count in sorted(kinds.items()))
