"""Cutting a text into whole rows by counting quotes: as one who reads from the start would."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.package.model import Resource
from ycd_opendata.package.tables import sections
from ycd_opendata.package.tables.opening import Text, open_text
from ycd_opendata.package.tables.sections import (
    NotSplittableError,
    Split,
    count_range,
    ranges,
    section,
    split,
)


def cut(text: Text, size: int) -> Split:
    found = ranges(text, size)
    return split(text, found, [*map(count_range, found)])


def opened(path: Path, content: str) -> Text:
    path.write_text(content, "utf-8", newline="")
    resource = Resource("t", "", "", (path.name,), "utf-8", None, {"delimiter": ","}, {})
    return open_text([path], resource)


def row_starts(content: str) -> dict[int, tuple[int, int]]:
    """Of each byte that starts a row the rows and lines before it."""
    starts, rows, lines, inside = {0: (0, 0)}, 0, 0, False
    for at, sign in enumerate(content):
        inside ^= sign == '"'
        lines += sign == "\n"
        if sign == "\n" and not inside:
            rows += 1
            starts[at + 1] = (rows, lines)
    return starts


CELLS = st.sampled_from(["", "1", "ab", '"q"', '"a\nb"', '"say ""x"", yes"', '"\n\n"', '""""'])


@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=8),
    size=st.integers(1, 30),
    chunk=st.integers(1, 9),
    ended=st.booleans(),
)
def test_pieces_are_whole_rows(
    rows: list[list[str]], size: int, chunk: int, ended: bool, tmp_path: Path
) -> None:
    content = "\n".join(["a,b", *(",".join(row) for row in rows)]) + "\n" * ended
    text = opened(tmp_path / "t.csv", content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sections, "_CHUNK", chunk)
        pieces, line_counts = cut(text, size)
    assert line_counts == (content.count("\n") + (not ended),)
    assert [each.end for each in pieces[:-1]] == [each.start for each in pieces[1:]]
    assert (pieces[0].start, pieces[-1].end) == (0, len(content))
    starts = row_starts(content)
    for each in pieces:
        assert starts[each.start] == (each.rows_before, each.lines_before)
        with section(text, each).open() as stream:
            assert stream.read() == content[each.start : each.end].encode()
    # Every range behind the first in which a row ends gives a piece.
    ends = {(at - 1) // size for at in starts if 0 < at < len(content)}
    assert len(pieces) == 1 + len(ends - {0})


def test_quotes_that_do_not_pair_are_seen(tmp_path: Path) -> None:
    with pytest.raises(NotSplittableError, match="not paired"):
        cut(opened(tmp_path / "t.csv", 'a,b\n1,"2\n3,4\n'), 4)


def test_a_row_without_end_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = opened(tmp_path / "t.csv", "a,b\n" + "1,2\n" * 3 + '"' + "x\n" * 20 + '",2\n')
    assert len(cut(text, 4).pieces) > 3
    monkeypatch.setattr(sections, "LONGEST_RECORD", 30)
    with pytest.raises(NotSplittableError, match="very long"):
        cut(text, 4)
