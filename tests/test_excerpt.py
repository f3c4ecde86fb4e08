from __future__ import annotations

import csv
import gzip
import io
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packages import zipped
from rich.cells import cell_len

from ycd_opendata.package.model import Resource
from ycd_opendata.validation.findings import Finding
from ycd_opendata.validation.reports.excerpt import Excerpt, read_excerpts


def finding(line: int | None, field: str | None, value: str | None, path: str = "t.csv") -> Finding:
    return Finding(
        code="c",
        severity="error",
        path=path,
        line=line,
        field=field,
        value=value,
        message="",
        hint="",
    )


def excerpt_of(folder: Path, text: str, each: Finding) -> Excerpt | None:
    (folder / each.path).write_bytes(text.encode())
    return read_excerpts(folder, [each]).get(each)


def marked(excerpt: Excerpt | None) -> str:
    """What stands above the caret."""
    assert excerpt is not None
    columns = [each for each in excerpt.text for _ in range(max(cell_len(each), 1))]
    return "".join(dict.fromkeys(columns[excerpt.start : excerpt.start + excerpt.width]))


@pytest.mark.parametrize(
    ("text", "field", "value", "expected"),
    [
        ("a,b\n1,xy\n", "b", "xy", Excerpt(2, "1,xy", 2, 2)),
        ("a;b\r\n1;xy\r\n", "b", "xy", Excerpt(2, "1;xy", 2, 2)),
        ("\ufeffa\tb\n1\txy", "a", "1", Excerpt(2, "1\\txy", 0, 1)),
        ("a,b\n上海,江苏\n", "b", "江苏", Excerpt(2, "上海,江苏", 5, 4)),
        ('a,b\n"x,""y",z\n', "a", 'x,"y', Excerpt(2, '"x,""y",z', 0, 7)),
        ('a,b\n"x\ny",z\n', "b", "z", Excerpt(3, 'y",z', 3, 1)),
        ("a,b\n1,\n", "b", "", Excerpt(2, "1,", 2, 1)),
        ("a,b\n1,2\n", "b", "other", Excerpt(2, "1,2", 0, 0)),
        ("a,b\n1,2,3x\n", None, "3x", Excerpt(2, "1,2,3x", 4, 2)),
        ("a,b\n\n", None, None, Excerpt(2, "", 0, 0)),
        ("a,b\n\x1b[2J,2\n", "b", "2", Excerpt(2, "\\x1b[2J,2", 8, 1)),
    ],
)
def test_the_caret_stands_under_the_cell(
    tmp_path: Path, text: str, field: str | None, value: str | None, expected: Excerpt
) -> None:
    assert excerpt_of(tmp_path, text, finding(2, field, value)) == expected


def test_wide_cells_are_cut_around_the_caret(tmp_path: Path) -> None:
    text = f"a,b,c\n{'长' * 300},{'宽' * 300},{'z' * 300}\n"
    excerpt = excerpt_of(tmp_path, text, finding(2, "b", "宽" * 300))
    assert excerpt is not None
    assert cell_len(excerpt.text) <= 90
    assert marked(excerpt) == "宽…"
    assert excerpt.text.startswith("…长")


@given(st.lists(st.text(max_size=80), min_size=2, max_size=6), st.data())
def test_any_line_fits_and_is_safe(cells: list[str], data: st.DataObject) -> None:
    cells = [each.replace("\r", "").encode("utf-8", "replace").decode() for each in cells]
    at = data.draw(st.integers(0, len(cells) - 1))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([f"f{n}" for n in range(len(cells))])
    writer.writerow(cells)
    with tempfile.TemporaryDirectory() as folder:
        each = finding(2, f"f{at}", cells[at])
        excerpt = excerpt_of(Path(folder), stream.getvalue(), each)
    assert excerpt is not None
    assert excerpt.width > 0
    assert excerpt.text.isprintable()
    assert cell_len(excerpt.text) <= 90
    assert excerpt.start + excerpt.width <= max(cell_len(excerpt.text), excerpt.start + 1)


def test_lines_far_apart_are_found_in_one_reading(tmp_path: Path) -> None:
    text = "a,b\n" + "".join(f"{n},{'x' * (n % 90)}\n" for n in range(2, 60_000))
    wanted = [finding(n, "a", str(n)) for n in (59_999, 2, 30_000, 30_001)]
    (tmp_path / "t.csv").write_text(text)
    excerpts = read_excerpts(tmp_path, wanted)
    assert all(excerpts[each].text.startswith(f"{each.line},") for each in wanted)
    assert all(excerpts[each].width == len(str(each.line)) for each in wanted)


def test_a_huge_line_is_shown_in_little_memory(tmp_path: Path) -> None:
    with (tmp_path / "t.csv").open("wb") as stream:
        stream.write(b"a,b\n1,")
        for _ in range(64):
            stream.write(b"x" * 2**20)
        stream.write(b"\n3,bad\n")
    huge, after = finding(2, "b", "x" * 2**26), finding(3, "b", "bad")
    tracemalloc.start()
    excerpts = read_excerpts(tmp_path, [huge, after])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 2**20
    assert excerpts[huge] == Excerpt(2, "1," + "x" * 39 + "…", 2, 40)
    assert excerpts[after] == Excerpt(3, "3,bad", 2, 3)


def test_gzip_is_read(tmp_path: Path) -> None:
    each = finding(2, "b", "xy", "t.csv.gz")
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"a,b\n1,xy\n"))
    assert read_excerpts(tmp_path, [each]) == {each: Excerpt(2, "1,xy", 2, 2)}


TEXT = "a,b\n1,é\n"


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("t.csv", TEXT.encode("utf-16"), None),
        ("t.csv", TEXT.encode("utf-16"), {"encoding": "utf-16"}),
        ("t.csv", TEXT.encode("utf-16-be"), {"encoding": "utf-16-be"}),
        ("t.csv", TEXT.encode("cp1252"), {"encoding": "windows-1252"}),
        ("t.csv.gz", gzip.compress(TEXT.encode("utf-16"), mtime=0), {"encoding": "utf-16"}),
        ("t.csv.zip", zipped({"t.csv": TEXT}), None),
        ("t.zip", zipped({"other": "", "u.csv": TEXT}), {"innerpath": "u.csv"}),
    ],
)
def test_lines_are_shown_whatever_holds_them(
    tmp_path: Path, path: str, content: bytes, said: dict[str, Any] | None
) -> None:
    (tmp_path / path).write_bytes(content)
    each = finding(2, "b", "é", path)
    resources = [] if said is None else [Resource("t", "", "", (path,), "", None, {}, said)]
    assert read_excerpts(tmp_path, [each], resources) == {each: Excerpt(2, "1,é", 2, 1)}


@pytest.mark.parametrize("content", [None, b"", b"a,b\n\xff,\xfe\n"])
def test_what_is_no_text_has_no_excerpt(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "t.csv").write_bytes(content)
    assert read_excerpts(tmp_path, [finding(2, "a", "1")]) == {}


def test_nothing_outside_the_package_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\nsecret\n")
    inside = tmp_path / "package"
    inside.mkdir()
    (inside / "link.csv").symlink_to(tmp_path / "secret.csv")
    (inside / "bad.csv.gz").write_bytes(b"no gzip")
    for path in ("../secret.csv", "link.csv", str(tmp_path / "secret.csv"), "bad.csv.gz", "a\0b"):
        assert read_excerpts(inside, [finding(2, "a", "secret", path)]) == {}
