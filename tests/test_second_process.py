"""Work in a second process: its result, its failure, its death, and the same bytes as without."""

from __future__ import annotations

import os
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from sites import RELEASES

from ycd_opendata.errors import ReleaseError
from ycd_opendata.site import building
from ycd_opendata.site.second_process import beside, handed


def test_what_the_function_gives_comes_back() -> None:
    with beside(str.upper, "é长" * 100_000) as second:
        assert second.result() == "É长" * 100_000


def test_it_waits_for_what_is_handed_to_it() -> None:
    with beside(handed) as second:
        second.hand("长" * 100_000)
        assert second.result() == "长" * 100_000
    with pytest.raises(ReleaseError, match="EOFError"), beside(handed) as second:
        second.result()


def test_what_it_prints_is_no_part_of_the_result() -> None:
    with beside(print, "not a result") as second:
        assert second.result() is None


def test_a_failure_is_said_in_one_line() -> None:
    failed = pytest.raises(ReleaseError, match="ended with code 1: ValueError: ")
    with failed as error, beside(int, "a\x1b[31m") as second:
        second.result()
    assert error.value.message.isprintable()


@pytest.mark.skipif(sys.platform == "win32", reason="it knows no signals")
def test_a_process_that_is_ended_is_an_error_and_no_wait() -> None:
    with pytest.raises(ReleaseError, match="code -6"), beside(os.abort) as second:
        second.result()


def test_it_does_not_outlive_the_block() -> None:
    start = time.monotonic()
    with pytest.raises(KeyError), beside(time.sleep, 60):
        raise KeyError
    assert time.monotonic() - start < 30


def test_two_processes_write_the_bytes_that_one_writes(
    small_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "processors", lambda: 2)
    calls = []

    def noted(*arguments: Any) -> AbstractContextManager[Any]:
        calls.append(arguments)
        return beside(*arguments)

    monkeypatch.setattr(building, "beside", noted)
    found = {}
    for least in (0, 1000):
        monkeypatch.setattr(building, "_LEAST_FOR_TWO", least)
        folder = tmp_path / str(least)
        folder.mkdir()
        building.write_site(folder, small_release, RELEASES, {}, "https://example.org/")
        files = [each for each in folder.rglob("*") if each.is_file()]
        found[least] = {each.relative_to(folder): each.read_bytes() for each in files}
    assert len(calls) == 1
    assert len(found[0]) > 100
    assert found[0] == found[1000]
