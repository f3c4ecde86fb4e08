"""The engine spark on a real Spark, here: the report of the fast engine, and what goes wrong.

Run by ``make spark``, which fetches pyspark into a folder of its own: it is large, and pandera
warns where it stands beside it. Elsewhere these tests are skipped.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from packages import edit_json
from test_agreement import Made, write
from test_spread_engine import ALL, KEYS, NUMBERED, UNCUT, lines
from walkthrough import TUTORIALS, walk_through

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
        assert opened.session  # else ranges would be counted here
        yield opened


def found(execution: SparkExecution, folder: Path, size: int, limit: int = ALL) -> LayerResult:
    """What Spark finds, which is what the fast engine does."""
    fresh = SparkExecution(execution.opening)
    package = read_package(folder)
    result = SpreadEngine(limit, lambda: nullcontext(fresh), size, 0).check(package)
    assert fresh._checked, "Spark was asked nothing"
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


def test_small_tables_are_known_to_the_tasks_of_others(
    execution: SparkExecution, tmp_path: Path
) -> None:
    """And groups of rows of Parquet are read where they stand."""
    import polars as pl

    write(tmp_path, KEYS)
    key = {"fields": "k", "reference": {"resource": "other", "fields": "k"}}
    keys = ["x", "nothing", "x", "nothing"]
    pl.DataFrame({"k": keys}).write_parquet(tmp_path / "t.parquet", row_group_size=1)
    edit_json(
        tmp_path / "datapackage.json",
        lambda raw: raw["resources"][0].update(
            path="t.parquet", schema={"fields": [{"name": "k"}], "foreignKeys": [key]}
        ),
    )
    package, fresh = read_package(tmp_path), SparkExecution(execution.opening)
    result = SpreadEngine(ALL, lambda: nullcontext(fresh), 1, 40).check(package)
    assert result.findings == FastEngine(ALL).check(package).findings
    assert [each.row for each in result.findings] == [3, 5]
    assert [each.task_count for each in fresh._jobs.values()] == [4]


def test_several_files_and_one_that_is_not_cut(execution: SparkExecution, tmp_path: Path) -> None:
    write(tmp_path, FILES)
    result = found(execution, tmp_path, 15)
    assert {each.path for each in result.findings} >= {"main.csv", "main1.csv"}
    assert [each.partition(":")[0] for each in result.layer.notes] == ["uncut"]


def dying_once(mark: Path, work: Any, batches: Any) -> Any:
    """Kill the worker that comes first, as a machine that runs out of memory does."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        yield from MADE(work, batches)
    else:
        os.kill(os.getpid(), signal.SIGKILL)


MADE = spark._made


def test_a_worker_that_is_killed(
    execution: SparkExecution, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyspark import cloudpickle

    mark = tmp_path / "mark"
    write(tmp_path, KEYS)
    # Workers cannot import tests.
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    monkeypatch.setattr(spark, "_made", partial(dying_once, mark))
    found(execution, tmp_path, 60)
    assert mark.exists()


def test_a_task_that_fails_gives_one_line(execution: SparkExecution, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"FileNotFoundError: .*nothing-here") as error:
        execution.count([Range(0, str(tmp_path / "nothing-here"), 0, 1)])
    assert "\n" not in error.value.message


@pytest.mark.parametrize("url", ["sc://127.0.0.1:{}", "spark://127.0.0.1:{}", "sc://[", "sc://x:y"])
def test_a_cluster_that_is_not_there(url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        address = url.format(taken.getsockname()[1])
        with (
            pytest.raises(EngineError, match="Spark did not finish: ") as error,
            opened_spark(address) as execution,
        ):
            execution.check([])
    assert "\n" not in error.value.message


def test_a_cluster_that_is_lost(execution: SparkExecution) -> None:
    """The last one that uses the session here, as it stops it."""
    execution.session.stop()
    with pytest.raises(EngineError, match="Spark did not finish: ") as error:
        execution.count([Range(0, __file__, 0, 1)])
    assert "\n" not in error.value.message


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A master and two workers of one core on the loopback; the address of the master."""
    import pyspark

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"spark://127.0.0.1:{port}"
    here = ["--host", "127.0.0.1", "--webui-port", "0"]
    worker = ["worker.Worker", *here, "--cores", "1", "--memory", "1g", "-d", str(folder), address]
    program = Path(pyspark.__file__).parent / "bin/spark-class"
    with (folder / "log").open("wb") as log, ExitStack() as stack:
        for name, *arguments in (["master.Master", *here, "--port", str(port)], worker, worker):
            command = [str(program), f"org.apache.spark.deploy.{name}", *arguments]
            process = subprocess.Popen(command, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            wait_for(port)
        yield address


def wait_for(port: int) -> None:
    """Wait until somebody listens, two minutes at most."""
    for _ in range(600):
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.2)
    pytest.fail("the master does not start")


def test_a_cluster_of_two_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    write(tmp_path, FILES)
    (tmp_path / "work").mkdir()
    with cluster(tmp_path / "work") as address, opened_spark(address) as execution:
        assert execution.session
        result = found(execution, tmp_path, 15)
        assert len(result.findings) > 3
        # Both are asked to work: each has a folder for what it ran.
        assert len([*(tmp_path / "work").glob("app-*/*")]) == 2


def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    owner = walk_through((TUTORIALS / "owner.md").read_text("utf-8"), tmp_path)
    text = (TUTORIALS / "cluster.md").read_text("utf-8")
    assert text.count("--engine spark") == 2
    assert walk_through(text, owner.folder / "rivers").problems == []
