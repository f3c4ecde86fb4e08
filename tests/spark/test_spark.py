"""The engine spark on a real Spark, here: the report of the fast engine, and what goes wrong.

Run by ``make spark``, which fetches pyspark into a folder of its own: it is large, and pandera
warns where it stands beside it. Elsewhere these tests are skipped.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from test_agreement import Made, write
from test_spread_engine import ALL, KEYS, NUMBERED, UNCUT, lines

from ycd_opendata.errors import EngineError
from ycd_opendata.package.reading import read_package
from ycd_opendata.package.tables.sections import Range
from ycd_opendata.validation.findings import LayerResult
from ycd_opendata.validation.structure.distributed import spark
from ycd_opendata.validation.structure.distributed.spark import SparkExecution, opened_spark
from ycd_opendata.validation.structure.distributed.spread_engine import SpreadEngine
from ycd_opendata.validation.structure.fast.engine import FastEngine

IS_THERE = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
IS_REQUIRED = os.environ.get("YCD_REQUIRE_SPARK") == "1"

pytestmark = pytest.mark.skipif(
    not (IS_THERE or IS_REQUIRED), reason="pyspark or Java is missing; see `make spark`"
)

FILES: Made = {
    "main": (
        NUMBERED,
        [
            lines([["a", "b"], ["1", 'a\n"b"'], ["y", "2"]]),
            lines([["a", "b"], ["2", ""], ["1", "x"], ["z", ""]]).rstrip(),
        ],
    ),
    "uncut": (NUMBERED, UNCUT["a quote in a cell"][0]),
}


@pytest.fixture(scope="module")
def execution() -> Iterator[SparkExecution]:
    with opened_spark("local[2,4]") as opened:
        yield opened


def found(execution: SparkExecution, folder: Path, size: int, limit: int = ALL) -> LayerResult:
    """What Spark finds, which is what the fast engine does."""
    fresh = SparkExecution(execution.session)
    package = read_package(folder)
    result = SpreadEngine(limit, lambda: nullcontext(fresh), size).check(package)
    expected = FastEngine(limit).check(package)
    assert result.findings == expected.findings
    assert result.unlisted == expected.unlisted
    assert replace(result.layer, notes=()) == replace(expected.layer, notes=())
    return result


def test_keys(execution: SparkExecution, tmp_path: Path) -> None:
    write(tmp_path, KEYS)
    result = found(execution, tmp_path, 40)
    assert {"primary-key", "foreign-key", "unique-error", "not-nine"} <= {
        each.code for each in result.findings
    }
    found(execution, tmp_path, 10_000, limit=1)


def test_several_files_and_one_that_is_not_cut(execution: SparkExecution, tmp_path: Path) -> None:
    write(tmp_path, FILES)
    result = found(execution, tmp_path, 15)
    assert {each.path for each in result.findings} >= {"main.csv", "main1.csv"}
    assert [each.partition(":")[0] for each in result.layer.notes] == ["uncut"]


def dying_once(mark: Path, jobs: Any, tasks: Any, batches: Any) -> Any:
    """Kill the worker that comes first, as a machine that runs out of memory does."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        yield from PERFORMED(jobs, tasks, batches)
    else:
        os.kill(os.getpid(), signal.SIGKILL)


PERFORMED = spark._performed


def test_a_worker_that_is_killed(
    execution: SparkExecution, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyspark import cloudpickle

    mark = tmp_path / "mark"
    write(tmp_path, KEYS)
    # Workers cannot import tests.
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    monkeypatch.setattr(spark, "_performed", partial(dying_once, mark))
    found(execution, tmp_path, 60)
    assert mark.exists()


def test_a_task_that_fails_gives_one_line(execution: SparkExecution, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"FileNotFoundError: .*nothing-here") as error:
        execution.count([Range(0, str(tmp_path / "nothing-here"), 0, 1)])
    assert "\n" not in error.value.message


def test_a_cluster_that_is_lost(execution: SparkExecution) -> None:
    """The last one: it stops the session."""
    execution.session.stop()
    with pytest.raises(EngineError, match="Spark did not finish: ") as error:
        execution.count([Range(0, __file__, 0, 1)])
    assert "\n" not in error.value.message
