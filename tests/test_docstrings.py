"""The examples in the docstrings give what they say.

Only modules that show one are loaded: to look for them with pytest would load every module in
every process.
"""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Iterable

import pytest
from packages import ROOT

SOURCE = ROOT / "src"
PROMPT = ">>> "


SHOWN = [
    ".".join(each.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    for each in sorted(SOURCE.rglob("*.py"))
    if PROMPT in each.read_text("utf-8")
]


def faults(tests: Iterable[doctest.DocTest]) -> str:
    """What examples give otherwise than they say."""
    said: list[str] = []
    for each in tests:
        runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
        runner.run(each, out=said.append)
    return "".join(said)


@pytest.mark.parametrize("name", SHOWN)
def test_examples_give_what_they_say(name: str) -> None:
    found = doctest.DocTestFinder().find(importlib.import_module(name), name)
    assert any(each.examples for each in found)
    assert faults(found) == ""


def test_wrong_example_is_noticed() -> None:
    read = doctest.DocTestParser().get_doctest
    assert faults([read(f"{PROMPT}1 + 1\n2\n", {}, "right", None, 0)]) == ""
    assert "Expected:\n    3\nGot:\n    2" in faults(
        [read(f"{PROMPT}1 + 1\n3\n", {}, "wrong", None, 0)]
    )
