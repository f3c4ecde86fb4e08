"""rdflib, and rapper where it is installed, read ``dcat.ttl``."""

from __future__ import annotations

from pathlib import Path

import pytest
from outside.tools import is_there, python, run

COUNT = "import rdflib; print(len(rdflib.Graph().parse('dcat.ttl')))"
READERS = ["rdflib", *(["rapper"] if is_there("rapper") else [])]


def triples(reader: str, folder: Path) -> int | None:
    """The number of triples, None if the file is refused."""
    if reader == "rdflib":
        done = python(COUNT, folder)
        return int(done.stdout) if done.returncode == 0 else None
    path = folder / "dcat.ttl"
    done = run("rapper", "--quiet", "--input", "turtle", path, cwd=folder)
    return len(done.stdout.splitlines()) if done.returncode == 0 else None


@pytest.mark.parametrize("reader", READERS)
def test_it_is_read(small_release: Path, odd_release: Path, reader: str) -> None:
    files = len([*small_release.glob("*/*.csv"), *small_release.glob("*/*.json")])
    found = triples(reader, small_release)
    assert found is not None
    assert found > 10 * files > 0
    assert triples(reader, odd_release)


@pytest.mark.parametrize("reader", READERS)
def test_a_broken_file_is_refused(broken: Path, reader: str) -> None:
    path = broken / "dcat.ttl"
    path.write_text(path.read_text("utf-8").replace(" ;", " ;;.", 1), "utf-8")
    assert triples(reader, broken) is None
