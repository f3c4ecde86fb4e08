"""The tutorial's examples in R, SQL and JavaScript, run inside a release."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from outside.tools import cells_of, is_there, missing, run
from packages import ROOT
from pygments.lexers.r import SLexer
from pygments.token import Error, Punctuation

TUTORIAL = (ROOT / "docs/tutorials/files.md").read_text("utf-8")
PAIRS = {"(": ")", "[": "]", "{": "}"}


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TUTORIAL, re.MULTILINE | re.DOTALL)


def is_r(code: str, folder: Path) -> bool:
    """Whether R can parse a text; without R, whether its words and brackets are in order."""
    if is_there("Rscript"):
        (folder / "example.R").write_text(code, "utf-8")
        done = run("Rscript", "-e", "invisible(parse('example.R'))", cwd=folder)
        return done.returncode == 0
    open_: list[str] = []
    for kind, text in SLexer().get_tokens(code):
        if kind in Error:
            return False
        for mark in text if kind in Punctuation else "":
            if mark in PAIRS:
                open_.append(PAIRS[mark])
            elif mark in PAIRS.values() and (not open_ or open_.pop() != mark):
                return False
    return not open_


@pytest.mark.parametrize("example", examples("r"))
def test_the_r_examples_are_r(example: str, tmp_path: Path) -> None:
    assert is_r(example, tmp_path)
    assert not is_r(example.replace(")", "", 1), tmp_path)


def test_the_first_r_example_runs(own_release: Path) -> None:
    first, second = examples("r")
    assert 'read_resource(package, "outcomes")' in second
    if not is_there("Rscript"):
        assert is_r(first, own_release)
        return
    done = run("Rscript", "-e", first, cwd=own_release)
    assert done.returncode == 0, done.stderr
    assert re.search(r"CN-ZJ( +\d+)+", done.stdout)


def test_the_sql_example_runs(own_release: Path) -> None:
    [example] = examples("sql")
    database = sqlite3.connect(f"file:{own_release / 'ycd-opendata.sqlite'}?mode=ro", uri=True)
    try:
        rows = database.execute(example).fetchall()
    finally:
        database.close()
    counted = Counter(
        (row["region_name_en"], row["verdict"]) for row in cells_of(own_release)["scoreboard"]
    )
    assert rows == sorted((*key, number) for key, number in counted.items())


def test_the_javascript_example_runs(own_release: Path) -> None:
    [example] = examples("js")
    if shutil.which("node") is None:
        missing("node")
    done = run("node", "--input-type=module", "-e", example, cwd=own_release)
    assert done.returncode == 0, done.stderr
    met = sum(row["verdict"] == "met" for row in cells_of(own_release)["scoreboard"])
    count = len(cells_of(own_release)["scoreboard"])
    assert done.stdout == f"{met} of {count} targets are known to be met\n"
