"""Words that are near each other, and the lines of keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from ycd_opendata.validation.descriptor_keys import KeyLines, Spelling


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("requierd", "required"),
        ("Required", "required"),
        ("uniqe", "unique"),
        ("enum", "enum"),
        ("colour", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_nearest(word: str, near: str | None) -> None:
    assert Spelling(["required", "unique", "enum"]).nearest(word) == near


def test_nearest_of_several() -> None:
    spelling = Spelling(["exclusiveMinimum", "exclusiveMaximum", "minimum"])
    assert spelling.nearest("exclusivMinimum") == "exclusiveMinimum"
    assert spelling.nearest("exclusivMaximum") == "exclusiveMaximum"


def test_lines_of_keys(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"one": "not: \\" a key",\n "tw\\u006f":\n ["three", {"four" : 1, "four": 2}],\n'
        '"five": {"six": 1},\n"seven": {"six": 2}}',
        "utf-8",
    )
    lines = KeyLines(tmp_path)
    found = {key: lines.line("a.json", key) for key in ("one", "two", "three", "four", "five")}
    assert found == {"one": 1, "two": 2, "three": None, "four": 3, "five": 4}
    # On two lines, and so on neither for sure.
    assert lines.line("a.json", "six") is None
