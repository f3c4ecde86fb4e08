"""The reference is written from the code, and knows every command and every public name."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest
from packages import ROOT

import ycd_opendata as ycd
from ycd_opendata.cli import app as commands

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    """The script that writes the reference."""
    spec = importlib.util.spec_from_file_location("write_reference", DOCS / "write_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_code_says(writer: ModuleType) -> None:
    written = (DOCS / "reference.md").read_text("utf-8")
    assert written == writer.reference_text(), "run `python docs/write_reference.py`"


def test_every_command_and_name_is_in_it_with_what_it_does() -> None:
    written = (DOCS / "reference.md").read_text("utf-8")
    for name in commands._MODULES:
        [_, after] = written.split(f"### `ycd {name}`\n")
        assert "Examples:" in after.split("\n### ")[0], name
    for name in ycd.__all__:
        assert f"### `ycd.{name}" in written, name
    for heading in written.split("\n### ")[1:]:
        assert len(heading.strip().split("\n")) > 2, f"nothing is said of {heading[:40]}"
