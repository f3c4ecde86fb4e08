from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from packages import describe

from ycd_opendata.errors import DataError, ReleaseError
from ycd_opendata.loader.frames import frame_as_text
from ycd_opendata.loader.loading import load_table
from ycd_opendata.package.reading import read_package
from ycd_opendata.package.tables import batches
from ycd_opendata.publishing.formats import table as module
from ycd_opendata.publishing.formats.table import Table, release_tables

FIELDS = [{"name": name, "type": "string"} for name in ("a", "b")]


def table(folder: Path, content: bytes, **resource: Any) -> Table:
    (folder / "t.csv").write_bytes(content)
    described = {"name": "t", "path": "t.csv", "schema": {"fields": FIELDS}, **resource}
    describe(folder, [described])
    return release_tables(read_package(folder))[0]


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row for batch in table.batches() for row in batch.text.rows()]


EXPECTED = [("1", "长"), ("", 'x "y"')]


@pytest.mark.parametrize(
    ("content", "resource"),
    [
        ('a,b\n1,长\n,"x ""y"""\n'.encode(), {}),
        ('a,b\r\n1,长\r\n,"x ""y"""'.encode(), {}),
        ('a,b\n1,长\n,x "y"\n'.encode(), {}),
        ('\ufeffa;b\n1;长\n;"x ""y"""\n'.encode(), {"dialect": {"delimiter": ";"}}),
        ("a|b\n1|长\n|'x \"y\"'\n".encode(), {"dialect": {"delimiter": "|", "quoteChar": "'"}}),
        ('a,b\n1,长\n,"x ""y"""\n'.encode("utf-16"), {"encoding": "utf-16"}),
        ('a,b\n1,长\n,"x ""y"""\n'.encode("gb18030"), {"encoding": "gb18030"}),
    ],
)
def test_cells_are_those_of_the_file(
    tmp_path: Path, content: bytes, resource: dict[str, Any]
) -> None:
    made = table(tmp_path, content, **resource)
    assert cells(made) == EXPECTED
    assert cells(made) == EXPECTED


def test_long_tables_come_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_ROWS_AT_ONCE", 2)
    content = "a,b\n" + "".join(f"{number},x\n" for number in range(5))
    # Rows whose numbers matter are read one by one.
    made = table(tmp_path, content.encode(), dialect={"commentRows": [9]})
    assert [each.text.height for each in made.batches()] == [2, 2, 1]
    assert [row[0] for row in cells(made)] == list("01234")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a\n1\n", "missing-label 'b' in its header"),
        (b"a,b\n1\n", "line 2 has 1 cells, not 2"),
        (b"a,b\n1,2\n1,2,3\n", "line 3 has 3 cells, not 2"),
        (b'a,b\n1,x"y\n1,2,3\n', "line 3 has 3 cells, not 2"),
    ],
)
def test_a_table_that_is_not_valid_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said):
        cells(table(tmp_path, content))


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ({"name": "../x"}, "its name is no name of a file"),
        ({"name": "con"}, "its name is no name of a file"),
        ({"name": "表" * 81}, "its name is no name of a file"),
    ],
)
def test_what_cannot_be_published_is_refused(
    tmp_path: Path, resource: dict[str, Any], said: str
) -> None:
    with pytest.raises(ReleaseError, match=said):
        table(tmp_path, b"a,b\n", **resource)


def test_a_derived_table_is_computed_once(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = read_package(small)
    computed = []

    def compute(frame: pd.DataFrame) -> pl.DataFrame:
        computed.append([*frame.columns])
        return made(frame)

    made = module._text
    monkeypatch.setattr(module, "_text", compute)
    table = next(each for each in release_tables(package) if each.name == "scoreboard")
    expected = frame_as_text(load_table(package, "scoreboard"))
    assert cells(table) == list(expected.itertuples(index=False, name=None))
    assert cells(table) == cells(table)
    assert computed.count([*expected.columns]) == 1
