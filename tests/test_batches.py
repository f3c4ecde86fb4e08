"""The rows of a file, and the physical lines they start on, however the file is written."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.package.model import Resource
from ycd_opendata.package.reading import parse_schema
from ycd_opendata.package.tables import blocks, parsing
from ycd_opendata.package.tables import rows as rows_of_text
from ycd_opendata.package.tables.batches import Frame, batches
from ycd_opendata.package.tables.limits import RefusedError
from ycd_opendata.package.tables.opening import NotReadableError, open_text
from ycd_opendata.package.tables.sure_rows import SureRows
from ycd_opendata.validation.structure.fast.by_column.typed_frame import Seen

DIALECT = {"delimiter": ",", "quoteChar": '"', "skipInitialSpace": False}
NOTHING = Seen([], [], {}, {}, {})
CELL = '(?:[^,"]*|"(?:[^"]|"")*")'
SURE = SureRows(f"^{CELL},{CELL}$", None, [0, 1], lambda *_: NOTHING)
Read = list[tuple[int, int, list[str]]]


def read(
    path: Path,
    width: int = 2,
    dialect: dict[str, Any] = DIALECT,
    sure: SureRows | None = None,
    **raw: Any,
) -> tuple[Read, list[str]]:
    """Number, line and cells of each row below the header, and the kind of each batch."""
    schema = parse_schema({"fields": [{"name": name, "type": "string"} for name in "ab"]})
    resource = Resource("t", "", "", (path.name,), "utf-8", schema, dialect, raw)
    rows: Read = []
    kinds = []
    for batch in batches(open_text([path], resource), width, lambda _: NOTHING, sure):
        kinds.append(type(batch).__name__)
        if isinstance(batch, Frame):
            records = [batch.record(index) for index in range(batch.height)]
            assert list(batch.places) == [(each.number, each.line) for each in records]
            in_step = range(batch.line, batch.line + batch.height)
            assert not batch.is_even or [each.line for each in records] == [*in_step]
            other = [at for at, each in enumerate(records) if len(each.cells) != width]
            assert list(batch.uneven) == other
            for at, (record, row) in enumerate(
                zip(records, batch.columns.iter_rows(), strict=True)
            ):
                assert at in other or list(row) == record.cells
        else:
            records = list(batch.records)
        rows += [(each.number, each.line, each.cells) for each in records]
    return rows, kinds


def table(tmp_path: Path, content: bytes, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a,b\n1,2\n3,4\n", [(2, 2, ["1", "2"]), (3, 3, ["3", "4"])]),
        (b"a,b\n1,2\n3,4", [(2, 2, ["1", "2"]), (3, 3, ["3", "4"])]),
        (b"a,b\r\n1,2\r\n3,4\r\n", [(2, 2, ["1", "2"]), (3, 3, ["3", "4"])]),
        (b"a,b\r\n1,2\r\n3,4", [(2, 2, ["1", "2"]), (3, 3, ["3", "4"])]),
        (b"\xef\xbb\xbfa,b\n1,2\n", [(2, 2, ["1", "2"])]),
        (b"a,b\n", []),
        (b"a,b", []),
        (b'a,b\n"x\ny",2\n3,4\n', [(2, 2, ["x\ny", "2"]), (3, 4, ["3", "4"])]),
        (b'a,b\r\n"x\r\ny",2\r\n3,4\r\n', [(2, 2, ["x\r\ny", "2"]), (3, 4, ["3", "4"])]),
        (b'"a\nc",b\n1,2\n', [(2, 3, ["1", "2"])]),
        (b'a,b\n"x""y",""\n', [(2, 2, ['x"y', ""])]),
        (
            b'a,b\n"\n\n",\n,"\n"\n5,\n',
            [(2, 2, ["\n\n", ""]), (3, 5, ["", "\n"]), (4, 7, ["5", ""])],
        ),
        (b"a,b\n1\n1,2,3\n,\n", [(2, 2, ["1"]), (3, 3, ["1", "2", "3"]), (4, 4, ["", ""])]),
        (b"a,b\n1,2\n\n3,4\n", [(2, 2, ["1", "2"]), (3, 3, []), (4, 4, ["3", "4"])]),
    ],
)
def test_regular_tables_are_frames(tmp_path: Path, content: bytes, expected: Read) -> None:
    rows, kinds = read(table(tmp_path, content))
    assert rows == expected
    assert set(kinds) <= {"Frame"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a,b\r1,2\r3,4\r", [(2, 2, ["1", "2"]), (3, 3, ["3", "4"])]),
        (b"a,b\n1,2\r\n3,4\n", [(2, 2, ["1", "2"]), (3, 3, ["3", "4"])]),
        (b'a,b\nx"y,2\n3,4\n', [(2, 2, ['x"y', "2"]), (3, 3, ["3", "4"])]),
        (b"a,b\n\x1f,2\n3,4\n", [(2, 2, ["\x1f", "2"]), (3, 3, ["3", "4"])]),
        (b'a,b\n1,2\n"x\n3,4\n', [(2, 2, ["1", "2"]), (3, 3, ["x\n3,4\n"])]),
    ],
)
def test_irregular_tables_are_rows(tmp_path: Path, content: bytes, expected: Read) -> None:
    rows, kinds = read(table(tmp_path, content))
    assert rows == expected
    assert set(kinds) == {"Rows"}


def test_an_irregular_block_behind_regular_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 32)
    regular = b'"x\ny",2\n' * 10
    rows, kinds = read(table(tmp_path, b"a,b\n" + regular + b'x"y,3\n' + b"5,6\n" * 10))
    assert [number for number, _, _ in rows] == [*range(2, 23)]
    assert [line for _, line, _ in rows] == [*range(2, 22, 2), *range(22, 33)]
    assert rows[10][2] == ['x"y', "3"]
    assert "Frame" in kinds
    assert kinds[-1] == "Rows"


@pytest.mark.parametrize(("size", "kind"), [(4, "Rows"), (2**20, "Frame")])
def test_content_below_other_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, kind: str
) -> None:
    """Where the rows above it are more than the first block, the table is read row by row."""
    monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
    path = table(tmp_path, b'x\n"y\n""z""\n"\na,b\n#1,2\n3,"4\n"\n#\n5,6\n')
    rows, kinds = read(path, dialect=DIALECT | {"headerRows": [3], "commentChar": "#"})
    assert rows == [(5, 7, ["3", "4\n"]), (7, 10, ["5", "6"])]
    assert {*kinds} == {kind}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"a,b\n1,2\n", "Frame"),
        (b'a,b\n"x",2 \n', "Frame"),
        (b"a,b\n1, 2\n", "Frame"),
        (b"a,b\n 1,2\n", "Frame"),
        (b"a,b\r\n1,2\r\n   3,    4 \r\n, \r\n", "Frame"),
        (b"a,b\n1, 2\n  \n3,4\n", "Rows"),
        (b'a,b\n1, "x"\n', "Rows"),
        # Labels are read elsewhere.
        (b"a, b\n1,2\n", "Frame"),
    ],
)
def test_spaces_that_are_skipped(tmp_path: Path, content: bytes, kind: str) -> None:
    rows, kinds = read(table(tmp_path, content), dialect=DIALECT | {"skipInitialSpace": True})
    text = content.decode()
    expected = list(csv.reader(io.StringIO(text, newline=""), skipinitialspace=True))[1:]
    assert [cells for _, _, cells in rows] == expected
    assert {*kinds} == {kind}


def test_a_mark_of_the_byte_order_inside_of_a_file_is_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stood at the start of the rows that are not surely fine, and polars took it away."""
    others = []

    def look(_: pl.DataFrame, rows: pl.DataFrame, __: Sequence[int]) -> Seen:
        others.extend(rows.rows())
        return NOTHING

    monkeypatch.setattr(parsing, "SURE_SHARE", 0)
    path = table(tmp_path, "a,b\n1,2\n\ufeff,3\n4,5\n".encode())
    read(path, sure=SureRows("^[0-9],[0-9]$", None, [0, 1], look))
    assert others == [("\ufeff", "3")]


def test_bytes_that_are_no_text_late_in_the_file(tmp_path: Path) -> None:
    path = table(tmp_path, b"a,b\n" + b"1,2\n" * 100_000 + b"\xff,2\n")
    with pytest.raises(NotReadableError, match="its bytes are not utf-8"):
        read(path)


@pytest.mark.parametrize("encoding", ["gb18030", "latin-1", "cp1252"])
def test_other_encodings(tmp_path: Path, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 7)
    letters = "上海" if encoding == "gb18030" else "é"
    content = f"a,b\n{letters},2\n" + f"3,{letters}\n" * 9
    rows, _ = read(table(tmp_path, content.encode(encoding)), encoding=encoding)
    assert rows == [
        (2, 2, [letters, "2"]),
        *((number, number, ["3", letters]) for number in range(3, 12)),
    ]


def test_gzip(tmp_path: Path) -> None:
    path = table(tmp_path, gzip.compress(b'a,b\n"x\ny",2\n3,4\n'), "t.csv.gz")
    assert read(path)[0] == [(2, 2, ["x\ny", "2"]), (3, 4, ["3", "4"])]


CELLS = st.text(st.sampled_from('ab"\n,;\x1f 数'), max_size=4)


@examples(20)
@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=8),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    is_ended=st.booleans(),
    size=st.integers(1, 40),
    sure=st.sampled_from([None, SURE]),
    skips_blank=st.booleans(),
)
def test_any_table_reads_as_csv_reads_it(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    line_end: str,
    quoting: Any,
    is_ended: bool,
    size: int,
    sure: SureRows | None,
    skips_blank: bool,
) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=line_end, quoting=quoting).writerows([["a", "b"], *rows])
    text = stream.getvalue()
    text = text if is_ended else text.removesuffix(line_end)
    path = table(tmp_path_factory.mktemp("any"), text.encode())
    reader = csv.reader(io.StringIO(text, newline=""))
    expected: Read = []
    line = 1
    for number, cells in enumerate(reader, start=1):
        if not skips_blank or number == 1 or any(cells):
            expected.append((number, line, cells))
        line = reader.line_num + 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", size)
        patch.setattr(parsing, "SURE_SHARE", 0)
        try:
            dialect = DIALECT | {"skipBlankRows": skips_blank}
            got, _ = read(path, dialect=dialect, sure=sure)
        except NotReadableError:
            return
    assert got == expected[1:]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("above", ["a,b\n", '"a\n\nc",b\n', '"a",b\n"1,2\n",2\n'])
def test_a_block_that_ends_inside_of_quotes_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: bytes, above: str
) -> None:
    monkeypatch.setattr(parsing, "SURE_SHARE", 0)
    text = above + '3,4\n"x\n1,2\n5,6\ny",7\n8,9\n"0""\n",1\n' + "2,2\n" * 9
    rows = [*csv.reader(io.StringIO(text, newline=""))][1:]
    path = table(tmp_path, mark + text.encode())
    for size in range(2, 40, 3):
        monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
        got, kinds = read(path, sure=SURE)
        assert [cells for *_, cells in got] == rows
        assert {*kinds} == {"Frame"}


@pytest.mark.parametrize("record", ['1,"{}"', '1,"{}\n"', '"{}",1', "1,{}", '"{}\n",2,3'])
def test_a_record_is_too_long_in_frames_and_rows_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: str
) -> None:
    for module in (blocks, parsing, rows_of_text):
        monkeypatch.setattr(module, "LONGEST_RECORD", 64)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 16)
    around = len(record.format("")) + len("\n")
    for length in range(30, 150, 3):
        text = "a,b\n" + "1,2\n" * 9 + record.format("x" * (length - around)) + "\n3,4\n"
        path = table(tmp_path, text.encode())
        for sure in (None, SURE):
            if length < 64:
                assert read(path, sure=sure)[0][-1][2] == ["3", "4"]
            else:
                with pytest.raises(RefusedError, match="a record has 64 characters or more"):
                    read(path, sure=sure)


def test_records_of_ragged_rows_have_all_cells(tmp_path: Path) -> None:
    rows, _ = read(table(tmp_path, b'a,b\n1,2\n"x\ny",2,3,"4\n5"\n6,7\n'))
    assert rows[1:] == [(3, 3, ["x\ny", "2", "3", "4\n5"]), (4, 6, ["6", "7"])]
