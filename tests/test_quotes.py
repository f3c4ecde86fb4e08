"""Which quotes swallow text, where Python's ``csv`` says nothing."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ycd_opendata.package.tables.rows import QuoteFault, quote_fault

PLAIN: dict[str, Any] = {
    "delimiter": ",",
    "quotechar": '"',
    "escapechar": None,
    "doublequote": True,
    "skipinitialspace": False,
    "quoting": csv.QUOTE_MINIMAL,
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('a,"b"\n', None),
        ('a,"b\nc"\n', None),
        ('a,"b ""c"""\r\n', None),
        ('a,b "c"\n', None),
        ('a,b"\n', None),
        ("a,b\n", None),
        ('a,"b\n2,c\n', QuoteFault("unclosed-quote", 0, 1)),
        ('"a\nb",x,"c\n', QuoteFault("unclosed-quote", 1, 2)),
        ('1,"x\n2,"y"\n', QuoteFault("unclosed-quote", 0, 1)),
        ('1,"x"y\n', QuoteFault("stray-quote", 0, 1)),
        ('"x" ,1\n', QuoteFault("stray-quote", 0, 0)),
        ('1,"', QuoteFault("unclosed-quote", 0, 1)),
    ],
)
def test_where_a_quote_does_not_pair(text: str, found: QuoteFault | None) -> None:
    assert quote_fault(text, PLAIN) == found


@pytest.mark.parametrize(
    ("text", "changes", "found"),
    [
        ("1,'x\n", {"quotechar": "'"}, QuoteFault("unclosed-quote", 0, 1)),
        ('1,"x\n', {"quotechar": None, "quoting": csv.QUOTE_NONE}, None),
        ('1, "x\n', {"skipinitialspace": True}, QuoteFault("unclosed-quote", 0, 1)),
        ('1, "x\n', {}, None),
        ('1,"x\\"y"\n', {"escapechar": "\\", "doublequote": False}, None),
        ('1;"x\n', {"delimiter": ";"}, QuoteFault("unclosed-quote", 0, 1)),
    ],
)
def test_in_other_dialects(text: str, changes: dict[str, Any], found: QuoteFault | None) -> None:
    assert quote_fault(text, PLAIN | changes) == found


@given(st.text('",\n a', min_size=1, max_size=12))
@example('"a""\n"')
def test_what_a_strict_reader_refuses_is_found(text: str) -> None:
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, **PLAIN)
    next(reader)
    record = lines[: reader.line_num]
    fault = quote_fault("".join(record), PLAIN)
    try:
        list(csv.reader(record, **PLAIN, strict=True))
    except csv.Error:
        assert fault is not None
        assert 0 <= fault.line < len(record)
    else:
        assert fault is None
