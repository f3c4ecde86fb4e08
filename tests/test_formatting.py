from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunYcd
from hypothesis import given
from hypothesis import strategies as st
from packages import ROOT

from ycd_opendata.package.canonical import canonical_text, clean_cell, csv_text
from ycd_opendata.package.reading import parse_schema, read_package
from ycd_opendata.package.rows import parse_rows
from ycd_opendata.publishing.formatting import reformat
from ycd_opendata.validation.run import validate

SCHEMA = parse_schema({"fields": [{"name": "id"}, {"name": "text"}], "primaryKey": "id"})
DATES = "data/dates.csv"


def test_the_repository_is_in_canonical_form() -> None:
    assert reformat(read_package(ROOT)) == ()


def test_format_mends_what_a_machine_can_mend(ycd: RunYcd, repository: Path) -> None:
    path = repository / DATES
    before = path.read_bytes()
    header, *rows = before.decode().splitlines()
    messy = [header, "", *reversed(rows[1:]), rows[0].replace(",delivered,", ',"delivered" ,')]
    messy[2] = messy[2].replace(",CN-", ",  CN-")
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(messy).encode())
    assert not validate(repository).valid
    result = ycd("format", repository)
    assert (result.code, result.out.splitlines()[0]) == (0, f"wrote {DATES}")
    assert ycd("format", repository).out == "0 files changed\n"
    assert ycd("format", repository, "--check").code == 0
    assert validate(repository).valid
    assert len(path.read_bytes().splitlines()) == len(before.splitlines())


def test_check_shows_a_diff_and_changes_nothing(ycd: RunYcd, repository: Path) -> None:
    path = repository / DATES
    messy = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(messy)
    result = ycd("format", repository, "--check")
    assert result.code == 1
    assert f"--- {DATES}" in result.out
    assert "\\r" in result.out
    assert "run `ycd format`" in result.err
    assert path.read_bytes() == messy


def test_unicode_is_composed_and_cells_are_trimmed() -> None:
    assert clean_cell("\u3000cafe\u0301 \t") == "caf\u00e9"


@pytest.mark.parametrize(
    ("type_", "cells", "expected"),
    [
        ("integer", "10 9 -1", "-1 9 10"),
        ("string", "10 9 a A 中", "10 9 A a 中"),
        ("integer", "x 2 1", "1 2 x"),
    ],
)
def test_rows_are_sorted_by_key(type_: str, cells: str, expected: str) -> None:
    schema = parse_schema({"fields": [{"name": "id", "type": type_}], "primaryKey": ["id"]})
    text = canonical_text(["id"], [[cell] for cell in cells.split()], schema)
    assert text.split()[1:] == expected.split()


def test_without_a_key_rows_keep_their_order() -> None:
    schema = parse_schema({"fields": [{"name": "id"}]})
    assert canonical_text(["id"], [["b"], ["a"]], schema) == "id\nb\na\n"


@given(st.lists(st.tuples(st.text(), st.text())))
def test_canonical_text_is_read_back_and_stays_as_it_is(rows: list[tuple[str, str]]) -> None:
    text = canonical_text(["id", "text"], rows, SCHEMA)
    header, *body = parse_rows(text, {})
    assert header.cells == ("id", "text")
    assert sorted(row.cells for row in body) == sorted(rows)
    assert canonical_text(header.cells, [row.cells for row in body], SCHEMA) == text


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), min_size=1))
def test_lines_of_rows_are_physical_lines(rows: list[list[str]]) -> None:
    text = csv_text(rows)
    line = 1
    for row, cells in zip(parse_rows(text, {}), rows, strict=True):
        assert (row.line, list(row.cells)) == (line, cells)
        line += len(csv_text([cells]).replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1
