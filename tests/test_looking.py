from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from conftest import RunYcd
from packages import ROOT, SMALL

import ycd_opendata

COMMANDS = (
    *("init", "validate", "format", "profile", "build", "verify", "serve", "extensions"),
    *("tables", "show", "describe", "cite", "evidence", "diff", "workbook", "take", "suggest"),
)
WITHOUT_ARGUMENTS = ("extensions",)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_show_into_a_pipe_is_csv_with_every_column(ycd: RunYcd) -> None:
    result = ycd("show", "targets")
    assert result.code == 0
    assert result.out == (ROOT / "data/targets.csv").read_text("utf-8")


def test_where_picks_rows(ycd: RunYcd) -> None:
    shown = rows(ycd("show", "scoreboard", "--where", "region_id=CN-ZJ").out)
    assert shown
    assert {row["region_id"] for row in shown} == {"CN-ZJ"}
    both = rows(ycd("show", "targets", "--where", "region_id=CN-ZJ", "--where", "value=12").out)
    assert [row["value"] for row in both] == ["12"]
    assert rows(ycd("show", "targets", "--where", "region_id=nowhere").out) == []


def test_where_picks_empty_cells(ycd: RunYcd) -> None:
    shown = rows(ycd("show", "targets", "--where", "due_on=").out)
    assert "zj-future-factories-nurtured-a-year" in [row["target_id"] for row in shown]
    assert {row["due_on"] for row in shown} == {""}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["target"], "unknown table 'target'"),
        ([__file__], f"`ycd tables {__file__}` lists those there"),
        (["targets", "--where", "region=CN-ZJ"], "did you mean 'region_id'?"),
        (["targets", "--where", "region_id"], "is not FIELD=VALUE"),
    ],
)
def test_wrong_names_are_one_line(ycd: RunYcd, arguments: list[str], said: str) -> None:
    result = ycd("show", *arguments)
    assert result.code == 2
    assert said in result.err


def test_show_in_a_terminal_fits_and_says_what_is_left_out(
    ycd: RunYcd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    out = ycd("show", "regions").out
    assert "长三角" in out
    assert f"{len(ycd_opendata.load('regions'))} rows" in out
    wide = ycd("show", "targets").out
    assert "more columns: " in wide
    plain = re.sub(r"\x1b\[[0-9;]*m", "", wide)
    assert max(len(line) for line in plain.splitlines() if "┃" in line) <= 100


def test_tables_lists_every_table(ycd: RunYcd, small: Path) -> None:
    out = ycd("tables", small).out
    for name in [*SMALL, "scoreboard", "agreement"]:
        assert name in out


def test_cite(ycd: RunYcd) -> None:
    assert ycd("cite").out == ycd_opendata.cite() + "\n"
    assert ycd("cite", "--format", "bibtex").out == ycd_opendata.cite("bibtex") + "\n"
    assert ycd("cite", "--format", "apa").code == 2


def test_version(ycd: RunYcd) -> None:
    assert ycd("--version").out == f"ycd-opendata {ycd_opendata.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_stands_in_a_text(ycd: RunYcd, command: str) -> None:
    result = ycd(command, "--help")
    assert result.code == 0
    assert re.search(rf"Usage: ycd {command}", result.out)
    explained = re.search(r"^Arguments:\n(  \S+ +\w.*\n(    .*\n)*)+$", result.out, re.MULTILINE)
    assert bool(explained) == (command not in WITHOUT_ARGUMENTS)
    guides = [each for each in (ROOT / "docs").rglob("*.md") if each.name != "reference.md"]
    assert any(f"ycd {command}" in each.read_text("utf-8") for each in guides)


def test_the_commands_are_those(ycd: RunYcd) -> None:
    listed = ycd("--help").out.partition("Commands:")[2]
    assert sorted(re.findall(r"^  (\w+)  ", listed, re.MULTILINE)) == sorted(COMMANDS)
