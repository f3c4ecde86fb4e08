"""``ycd suggest``: shown, accepted, refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import RunYcd
from packages import ROOT

EXTENSION = str(ROOT / "tests" / "lighthouse_extension.py")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "tests" / "lighthouses", tmp_path / "lighthouses")


def test_a_suggestion_is_shown_with_its_name(folder: Path, ycd: RunYcd) -> None:
    result = ycd("suggest", str(folder), "--extension", EXTENSION)
    assert result.code == 0
    assert "repair: 1 suggestion\n" in result.out + result.err
    assert "só uma reparação de branco" in result.out + result.err
    assert "repair:branco" in result.out + result.err


def test_one_command_accepts_it(folder: Path, ycd: RunYcd) -> None:
    path = folder / "data/repairs.csv"
    before = path.read_text("utf-8")
    said = ("--set", "year=1999", "--set", "custo=7")
    accept = ("suggest", str(folder), "--extension", EXTENSION, "--accept", "repair:branco", *said)
    result = ycd(*accept)
    assert result.code == 1
    assert "nothing was written" in result.out + result.err
    assert path.read_text("utf-8") == before
    result = ycd(*accept, "--yes")
    assert result.code == 0
    assert path.read_text("utf-8") == before + "r4,branco,1999,7\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--kind", "colour"), "colour"),
        (("--accept", "repair:x"), "repair:x"),
        (("--accept", "repair:branco"), "--set year=TEXT"),
        (("--accept", "repair:branco", "--set", "year"), "names no value"),
        (
            ("--accept", "repair:branco", "--set", "year=1", "--set", "custo=", "--set", "a=b"),
            "'a'",
        ),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path, ycd: RunYcd, options: tuple[str, ...], said: str
) -> None:
    before = (folder / "data/repairs.csv").read_bytes()
    result = ycd("suggest", str(folder), "--extension", EXTENSION, *options)
    assert result.code == 2
    assert said in result.out + result.err
    assert (folder / "data/repairs.csv").read_bytes() == before


def test_a_package_that_nothing_suggests_anything_for(folder: Path, ycd: RunYcd) -> None:
    result = ycd("suggest", str(folder))
    assert result.code == 2
    assert "nothing suggests what to do" in result.out + result.err


def test_what_cannot_be_computed_is_said_in_one_sentence(folder: Path, ycd: RunYcd) -> None:
    path = folder / "rules.py"
    path.write_text(
        "from ycd_opendata.extension import Extension\n"
        "EXTENSION = Extension('lighthouses', suggestions=lambda package, load: {}['zz'])\n"
    )
    result = ycd("suggest", folder, "--extension", path)
    said = "what is suggested cannot be computed (KeyError: 'zz')"
    assert (result.code, said in result.err) == (2, True)
    result = ycd("workbook", folder / "t.xlsx", folder, "--extension", path)
    assert (result.code, f"left out suggestions: {said}" in result.out) == (0, True)
