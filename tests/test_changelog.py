"""The catalogue's changelog: people's words are kept, the rest is written anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st
from packages import edit_json, small_tables, write_table

from ycd_opendata.errors import ReleaseError
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing import catalogue
from ycd_opendata.publishing.changelog import CHANGELOG, MARKER, changelog_text

FIRST = {"version": "1.0.0", "date": "2022-01-17", "records": {"a": 2, "b": 3}, "changes": None}
SECOND = {
    "version": "1.1.0",
    "date": "2022-02-01",
    "bump": "minor",
    "changes": "changes/1.0.0..1.1.0.json",
    "changed": {"b": {"record-added": 2, "value-corrected": 1}, "": {"metadata-edited": 1}},
}
GENERATED = f"""{MARKER}

## 1.1.0 (2022-02-01)

A minor version by what changed: [every change](changes/1.0.0..1.1.0.json).

- the package: 1 metadata-edited
- b: 2 record-added, 1 value-corrected

## 1.0.0 (2022-01-17)

The first release: 5 records in 2 tables.
"""


def written(folder: Path, before: str | bytes | None = None, *releases: dict[str, Any]) -> str:
    path = folder / CHANGELOG
    if before is not None:
        path.write_bytes(before if isinstance(before, bytes) else before.encode())
    return changelog_text(path, [*releases])


def test_a_section_a_release_newest_first(tmp_path: Path) -> None:
    text = written(tmp_path, None, SECOND, FIRST)
    assert text == "# Changes\n\nWords of your own go here; they are kept.\n\n" + GENERATED


@examples(8)
@given(head=st.text(st.characters(codec="utf-8"), max_size=40).filter(lambda x: MARKER not in x))
@example(head="# Ours\r\n\r\nwith | and <!-- remarks -->")
@example(head="")
def test_what_stands_above_the_marker_is_kept(tmp_path: Path, head: str) -> None:
    once = written(tmp_path, f"{head}{MARKER}\nwhatever stood here", SECOND, FIRST)
    assert once == head + GENERATED
    assert written(tmp_path, once, SECOND, FIRST) == once


def test_without_a_marker_everything_is_kept(tmp_path: Path) -> None:
    assert written(tmp_path, "# Ours\n", SECOND, FIRST) == "# Ours\n\n" + GENERATED


def test_two_markers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="has its marker 2 times"):
        written(tmp_path, f"a{MARKER}b{MARKER}c")


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="cannot be read"):
        written(tmp_path, b"\xff")


@pytest.mark.parametrize(
    "name", ["<script>", "[x](javascript:1)", "a\n## 9.9.9", MARKER, "`b`", "![i](http://x)", "*b*"]
)
def test_names_from_data_are_text(tmp_path: Path, name: str) -> None:
    release = SECOND | {"changed": {name: {name: 1}}}
    text = written(tmp_path, None, release)
    assert text.count(MARKER) == 1
    [line] = [each for each in text.splitlines() if each.startswith("- ")]
    assert not set("<>[]`*!|") & set(line)
    assert text.count("\n## ") == 1


def test_a_build_keeps_what_people_wrote(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "write_site", lambda *_: None)  # slow, and not the point
    out = tmp_path / "dist"
    catalogue.publish(read_package(tiny), out)
    path = out / CHANGELOG
    path.write_text(path.read_text("utf-8").replace("Words of", "Dear readers, words of"), "utf-8")
    rows = small_tables()["domains"]
    rows[0]["description_en"] = "Something else."
    write_table(tiny, "domains", rows)
    edit_json(tiny / "datapackage.json", lambda raw: raw.update(version="1.0.1"))
    catalogue.publish(read_package(tiny), out)
    text = path.read_text("utf-8")
    assert "Dear readers, words of" in text
    assert "## 1.0.1 (2026-11-24)\n\nA patch version by what changed: " in text
    assert "- domains: 1 value-corrected\n" in text
    assert f"The first release: {len(rows)} records in 1 table." in text
