"""What the README shows is what happens."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from conftest import RunYcd
from packages import ROOT, SMALL

README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    fenced = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", README, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(body) for _, body in fenced]


def test_the_python_example_runs() -> None:
    [example] = blocks("python")
    names: dict[str, object] = {}
    exec(example, names)
    assert {"ycd", "targets"} <= set(names)


def test_the_finding_is_what_validate_prints(ycd: RunYcd, repository: Path) -> None:
    shown, _ = blocks("text")
    path = repository / "data/targets.csv"
    path.write_text(
        path.read_text("utf-8").replace(
            ",eq,12,,2022,2022,,,aim,,yrd", ",eq,13,,2022,2022,,,aim,,yrd"
        ),
        "utf-8",
    )
    out = ycd("validate", repository).out
    # The line moves with every record that is added above it.
    [told], [line] = (re.findall(r"targets\.csv:(\d+)", text) for text in (shown, out))
    assert out.startswith(shown.replace(told, line) + "\n")


def test_what_init_finds_is_what_it_prints(ycd: RunYcd) -> None:
    _, shown = blocks("text")
    out = ycd("init", ROOT / "tests/undescribed/first/stations", "--dry-run").out
    assert shown in out


def test_every_table_is_listed() -> None:
    listed = re.findall(r"^\| `([a-z_]+)` \|", README, re.MULTILINE)
    assert listed == list(SMALL)
