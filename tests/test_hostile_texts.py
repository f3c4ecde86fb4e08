"""Whatever the texts of a report hold, each of its forms is what it says it is.

Real parsers read each form, and find in it as many findings as there are.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.package.canonical import csv_text
from ycd_opendata.validation.findings import Finding, Kind, Layer, Report
from ycd_opendata.validation.reports import FORMATS, written
from ycd_opendata.validation.reports.github import SHOWN

# Each has broken some form of some tool.
VISIBLE = """a 长 𠮷 é ` | < > & " ' \\ % , ; : * _ ~ # ]]> </failure> --> <script> ::error::x %0A
    ##[error] {"a": =1+1 [x](javascript:y) https://example.org @you"""
HIDDEN = "\t \0 \r \n \x1b \x85 \u2028 \u202e \ufeff \ufffe \uffff \ud800 \udfff \udcff"
PIECES = [*VISIBLE.split(), *HIDDEN.split(" "), " ", "\r\n"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
KINDS = st.builds(Kind, st.sampled_from(["error", "warning"]), TEXTS, TEXTS, st.none() | TEXTS)
FINDINGS = st.builds(
    Finding,
    code=TEXTS.map(lambda text: text or "odd"),
    severity=st.sampled_from(["error", "warning"]),
    resource=TEXTS,
    path=TEXTS,
    line=st.none() | st.integers(1, 10**6),
    row=st.none() | st.integers(1, 10**6),
    field=st.none() | TEXTS,
    key=st.none() | TEXTS,
    value=st.none() | TEXTS,
    message=TEXTS,
    hint=TEXTS,
)
REMARKS = st.lists(TEXTS, max_size=2).map(tuple)
LAYERS = st.builds(Layer, TEXTS, st.booleans(), skipped=REMARKS, notes=REMARKS, extensions=REMARKS)
REPORTS = st.builds(
    Report,
    package=TEXTS,
    version=TEXTS,
    engine=st.just("fast"),
    root=st.just("."),
    layers=st.lists(LAYERS, max_size=2).map(tuple),
    findings=st.lists(FINDINGS, max_size=3).map(tuple),
    unlisted=st.dictionaries(KINDS, st.integers(1, 9), max_size=2),
)


def texts(value: Any) -> Iterator[str]:
    """Every text inside a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def parsed(text: str) -> Any:
    """JSON as a strict parser reads it: no NaN, and no text that UTF-8 cannot hold."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    value = json.loads(text, parse_constant=refuse)
    for each in texts(value):
        each.encode("utf-8")
    return value


def check_json(text: str, report: Report) -> None:
    raw = parsed(text)
    assert len(raw["findings"]) == len(report.findings)
    assert raw["counts"]["error"] == report.count("error")


def check_sarif(text: str, report: Report) -> None:
    [run] = parsed(text)["runs"]
    assert len(run["results"]) == len(report.findings)


def check_junit(text: str, report: Report) -> None:
    top = ElementTree.fromstring(text.encode("utf-8"))
    errors = {kind for kind in report.kinds if kind.severity == "error"}
    assert len(top.findall("testsuite/testcase/failure")) == len(errors)


def check_github(text: str, report: Report) -> None:
    *commands, verdict = re.split(r"\r\n|[\r\n]", text.removesuffix("\n"))
    assert verdict.startswith(("valid: ", "not valid: "))
    assert "##[" not in verdict
    shown = [each for each in commands if re.match(r"::(error|warning) file=[^,:]*,", each)]
    assert len(shown) == len(report.findings) <= SHOWN
    rest = [each for each in commands if each not in shown]
    assert all(re.fullmatch(r"::(error|warning) title=ycd validate::\d.*", each) for each in rest)


def check_markdown(text: str, report: Report) -> None:
    lines = text.split("\n")
    rows = [line for line in lines if line.startswith("| ")][1:]
    assert len(rows) == len(report.findings)
    assert all(row.count("|") == 6 for row in rows)
    assert not set("<[`\\") & set(text)
    assert "://" not in text


def check_text(text: str, report: Report) -> None:
    assert all(each.isprintable() for each in text.split("\n"))
    assert text.rstrip("\n").split("\n")[-1].startswith(("valid: ", "not valid: "))
    assert report.valid == text.rstrip("\n").split("\n")[-1].startswith("valid: ")


@pytest.mark.parametrize("name", FORMATS)
@given(report=REPORTS)
def test_each_form_of_a_report_is_well_formed(name: str, report: Report) -> None:
    text = written(report, name)
    text.encode("utf-8")
    globals()[f"check_{name}"](text, report)


@pytest.mark.parametrize("name", FORMATS)
def test_control_what_is_cut_short_is_seen(name: str) -> None:
    finding = Finding(code="c", severity="error", path="t.csv", message="m", hint="h")
    report = Report("p", "1", "fast", ".", (), (finding,))
    text = written(report, name)
    globals()[f"check_{name}"](text, report)
    with pytest.raises((AssertionError, ValueError, ElementTree.ParseError)):
        globals()[f"check_{name}"]("\n" + text[: len(text) // 2].replace("t.csv", "\x00"), report)


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1))
def test_csv_is_read_back(rows: list[list[str]]) -> None:
    assert list(csv.reader(io.StringIO(csv_text(rows), newline=""))) == rows
