"""``ycd evidence``: every record's sources, and phrases held against texts."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from conftest import RunYcd

from ycd_opendata.delta.evidence import comparable, evidence_of, not_in_texts
from ycd_opendata.package.reading import read_package


def test_every_record_has_its_own_source_and_its_evidence(small: Path) -> None:
    package = read_package(small)
    found = evidence_of(package)
    records = sum(
        len((small / f"data/{table}.csv").read_text("utf-8").splitlines()) - 1
        for table in ("initiatives", "targets", "outcomes", "dates", "evidence")
    )
    assert len(found) == records
    assert all(each.phrase and each.source_id for each in found)


def test_a_phrase_is_found_whatever_its_width_spaces_and_quotes(
    small: Path, tmp_path: Path
) -> None:
    found = evidence_of(read_package(small))
    texts = tmp_path / "texts"
    texts.mkdir()
    by_source: dict[str, list[str]] = {}
    for each in found:
        by_source.setdefault(each.source_id, []).append(each.phrase)
    for source_id, phrases in by_source.items():
        body = "\n".join(" ".join(phrase) for phrase in phrases).replace("%", "％")
        (texts / f"{source_id}.txt").write_text(body, "utf-8")
    assert list(not_in_texts(found, texts)) == []
    some = found[0]
    path = texts / f"{some.source_id}.txt"
    path.write_text("something else", "utf-8")
    problems = {(each.record_id, why) for each, why in not_in_texts(found, texts)}
    assert (some.record_id, "not in the text") in problems
    path.unlink()
    assert {why for _, why in not_in_texts(found, texts)} == {"no text"}


def test_quotation_marks_are_of_one_style() -> None:
    assert comparable("“未来 工厂”１５家") == comparable('"未来工厂"15家')


def test_the_command_shows_one_record_or_all(ycd: RunYcd, small: Path) -> None:
    every = list(csv.DictReader(io.StringIO(ycd("evidence", small).out)))
    one = every[0]["record_id"]
    shown = list(csv.DictReader(io.StringIO(ycd("evidence", small, "--record", one).out)))
    assert {row["record_id"] for row in shown} == {one}
    wrong = ycd("evidence", small, "--record", one + "x")
    assert wrong.code == 2
    assert one in wrong.err


def test_the_command_fails_on_a_phrase_that_is_not_there(
    ycd: RunYcd, small: Path, tmp_path: Path
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    first = ycd("evidence", small, "--texts", texts)
    assert first.code == 0
    assert "0 phrases checked" in first.err
    source_id = evidence_of(read_package(small))[0].source_id
    (texts / f"{source_id}.txt").write_text("nothing", "utf-8")
    second = ycd("evidence", small, "--texts", texts)
    assert second.code == 1
    assert source_id in second.out
    assert ycd("evidence", small, "--texts", tmp_path / "nowhere").code == 2
