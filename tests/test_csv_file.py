from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import pytest
from formats_of_tables import table_of, texts
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.package.canonical import csv_text
from ycd_opendata.publishing.formats.csv_file import csv_file
from ycd_opendata.publishing.formats.writing import stream

CELLS = st.text(st.sampled_from(list("a长\U00020bb7 ,\"'\n\r\t\x00\x1f=")), max_size=4)


@pytest.mark.parametrize("width", [1, 3])
@given(data=st.data())
def test_the_bytes_are_those_of_the_canonical_form(data: st.DataObject, width: int) -> None:
    rows = data.draw(st.lists(st.tuples(*[CELLS] * width), max_size=4))
    table = table_of(texts(width), rows, rows)
    with tempfile.TemporaryDirectory() as folder:
        stream(table, [partial(csv_file, Path(folder, "t.csv"))])
        content = (Path(folder) / "t.csv").read_bytes()
    assert content == csv_text([table.schema.field_names, *rows, *rows]).encode()
    assert table.extent.rows == 2 * len(rows)
    assert table.extent.longest_cell == max((len(cell) for row in rows for cell in row), default=0)
