"""Random tables: whatever `ycd init` writes is valid at once, by both engines."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.errors import PackageError
from ycd_opendata.inferring.folder import infer
from ycd_opendata.inferring.scaffold import new_files, write_new
from ycd_opendata.validation.run import validate

LABELS = (
    "id",
    "code",
    "name",
    "date",
    "year",
    "amount (EUR)",
    "is_x",
    "值",
    "parent_id",
    "no",
    "1",
)
WORDS = (
    "a",
    "c d",
    '"q"',
    "x,y",
    "l\nm",
    "é",
    "日本",
    " pad",
    "\u200bx",
    "1_0",
    "１２",
    "Inf",
    "NaN",
)
MISSING = ("", "NA", "-", "n/a", "NULL", "..", "none", "-999")
DAYS = st.dates()

CELLS = (
    st.integers(-(10**20), 10**20).map(str),
    st.integers(0, 999).map("{:05}".format),
    st.decimals(-(10**6), 10**6, places=2).map(str),
    st.decimals(0, 10**7, places=2).map("{:,}".format),
    st.decimals(0, 99, places=1).map("{} %".format),
    st.decimals(0, 99, places=1).map("$ {}".format),
    DAYS.map(lambda day: day.isoformat()),
    DAYS.map(lambda day: f"{day.day:02}.{day.month:02}.{day.year:04}"),
    DAYS.map(lambda day: f"{day.month}/{day.day}/{day.year:04}"),
    DAYS.map(lambda day: f"{day.year:04}-{day.month:02}"),
    DAYS.map(lambda day: f"{day.year:04}{day.month:02}{day.day:02}"),
    st.datetimes().map(lambda moment: moment.isoformat(sep=" ", timespec="seconds")),
    st.times().map(lambda clock: clock.isoformat(timespec="minutes")),
    st.sampled_from(("yes", "no")),
    st.sampled_from(("0", "1")),
    st.sampled_from(("Y", "n")),
    st.sampled_from(WORDS),
    st.sampled_from(('{"a": 1}', "[1]", "{", "2020-02-30", "24:00", "5.", "+5", "1e3")),
)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """The text of a table: each column of one kind, with some cells that are missing or odd."""
    labels = draw(st.lists(st.sampled_from(LABELS), min_size=1, max_size=5, unique=True))
    height = draw(st.sampled_from((0, 1, 3, 8, 25)))
    columns = []
    for _ in labels:
        cells = draw(st.sampled_from(CELLS))
        odd = st.one_of(cells, cells, cells, st.sampled_from(MISSING), draw(st.sampled_from(CELLS)))
        kind = draw(st.sampled_from((cells, cells, odd)))
        columns.append(draw(st.lists(kind, min_size=height, max_size=height)))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=draw(st.sampled_from(",;\t|")), lineterminator="\n")
    writer.writerows([labels, *zip(*columns, strict=True)])
    return text.getvalue()


@given(st.lists(tables(), min_size=1, max_size=2))
def test_what_is_written_is_valid(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, text in enumerate(texts):
            (folder / f"t{number}.csv").write_text(text, "utf-8")
        try:
            found = infer(folder)
        except PackageError:
            return
        write_new(new_files(found, "1.0.0"))
        for engine in ("fast", "frictionless"):
            report = validate(folder, engine)
            errors = [each for each in report.findings if each.severity == "error"]
            assert not errors, (texts, errors[0].message)
