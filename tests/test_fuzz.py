"""Damage at random: whatever is wrong, the answer is a report or one of our errors."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from odd_package import write_odd
from packages import SMALL, write_small

from ycd_opendata.errors import YcdError
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.formatting import reformat
from ycd_opendata.validation.run import validate

TABLES = sorted(SMALL)
JSON_FILES = ["odd", "datapackage.json", *(f"schemas/{table}.json" for table in TABLES)]
PIECES = st.sampled_from(
    [
        b"",
        b",",
        b'"',
        b"\n",
        b"\r\n",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        "长".encode(),
        b"=1",
        b"1e999",
    ]
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from([[], {}, [None], [[]], {"name": {}}, ["a", 1], "../x", "http://x/", "string"]),
)
FEW = examples(3)


def answer(folder: Path) -> None:
    """Validate and format; only our own errors may come out."""
    try:
        report = validate(folder)
        json.dumps(report.to_json())
        assert report.valid or any(each.message for each in report.findings)
    except YcdError as error:
        assert error.message
    try:
        reformat(read_package(folder))
    except YcdError as error:
        assert error.message


@FEW
@given(
    st.sampled_from(TABLES),
    st.lists(st.tuples(st.integers(0, 2000), PIECES), min_size=1, max_size=4),
)
def test_damaged_tables(table: str, damage: list[tuple[int, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = write_small(Path(name))
        path = folder / "data" / f"{table}.csv"
        content = path.read_bytes()
        for at, piece in damage:
            place = at % (len(content) + 1)
            content = content[:place] + piece + content[place + 1 :]
        path.write_bytes(content)
        answer(folder)


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of everything inside a JSON value."""
    found = [place]
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in items:
        found += places(item, (*place, key))
    return found


@FEW
@given(st.data(), st.sampled_from(JSON_FILES))
def test_damaged_descriptions(data: st.DataObject, file: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        # The odd package has every type of field.
        folder = write_odd(Path(name)) if file == "odd" else write_small(Path(name))
        file = "datapackage.json" if file == "odd" else file
        raw = json.loads((folder / file).read_text("utf-8"))
        for _ in range(data.draw(st.integers(1, 2))):
            *parents, last = data.draw(st.sampled_from(places(raw)[1:]))
            target = raw
            for key in parents:
                target = target[key]
            if isinstance(target, dict) and data.draw(st.booleans()):
                target[data.draw(st.text(max_size=6))] = target.pop(last)
            else:
                target[last] = copy.deepcopy(data.draw(VALUES))
        (folder / file).write_text(json.dumps(raw), "utf-8")
        answer(folder)
