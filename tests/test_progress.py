from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console
from rich.progress import Progress

from ycd_opendata.cli.terminal import Bar, shown_progress
from ycd_opendata.validation.structure import Silence


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nobody_watches_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_progress() as progress:
        assert isinstance(progress, Silence)
        progress.started("t", 2**40)
        progress.advanced(2**30)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_sees_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with shown_progress() as progress:
        progress.started("observations", 2**30)
        progress.advanced(2**29)
    assert "observations" in terminal.getvalue()


def test_long_tables_have_a_line_each_and_short_ones_none() -> None:
    display = Progress(console=Console(file=io.StringIO()))
    bar = Bar(display)
    bar.started("long", 2**30)
    bar.advanced(2**20)
    bar.started("short", 10)
    bar.advanced(10)
    bar.started("[red]\x1b[2J", 2**30)
    assert [each.completed for each in display.tasks] == [2**20, 0]
    assert [each.description for each in display.tasks] == ["long", "\\[red]\\x1b[2J"]
