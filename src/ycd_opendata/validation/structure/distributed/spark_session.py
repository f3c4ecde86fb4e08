"""Opening a session of Spark, and what it raises as one line."""

from __future__ import annotations

import atexit
import os
import re
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ycd_opendata.errors import EngineError, MissingExtraError
from ycd_opendata.messages import say
from ycd_opendata.shown import visible
from ycd_opendata.validation.structure.distributed.task_records import AT_ONCE

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

REMOTE = "SPARK_REMOTE"
"""The environment variable that names a cluster where nothing else does."""

_LOCAL = "local[*,4]"
"""All cores here; a task is tried four times, as on a cluster."""

_HOME = "SPARK_HOME"
_JAVA = "JDK_JAVA_OPTIONS"
_LIGHT = (
    "-XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:TieredStopAtLevel=1 "
    "-XX:-BytecodeVerificationRemote -XX:MetaspaceSize=256m"
)
"""Most of Java's time is its start, half of which would be to compile methods thoroughly and to
verify the classes of Spark. The variable leaves options that a cluster is set up with."""

_HERE = {
    # Nobody else is to reach it.
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    # Its Java only passes on what workers in Python find.
    "spark.driver.memory": "640m",
    "spark.shuffle.compress": "false",
}
"""What a local session has besides."""

_EVERYWHERE = {
    f"spark.executorEnv.{_JAVA}": _LIGHT,
    "spark.python.daemon.module": f"{__package__}.worker_source",
    # A task does not wait for the worker that has its records: another may have nothing to do.
    "spark.locality.wait": "0s",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""What a session has that is started here, on a cluster or not."""

_LEARNING = "spark-mllib_*"
"""Spark's library for learning, the functions of which each session loads: a sixth of its start."""

_AT_ONCE = "spark.sql.execution.arrow.maxRecordsPerBatch"

_CONNECT = "sc://"
_PORTS = {"sc": 15002, "spark": 7077}
"""The ports of kinds of clusters where an address names none."""

_PATIENCE = 10
"""How many seconds a cluster has to answer."""

_RAISED = re.compile(r"(?:[\w.]+\.)?\w*(?:Error|Exception|Interrupt): .*|\[[A-Z_.]+\] .*")
_LONGEST_REASON = 300


def open_session(remote: str | None) -> SparkSession:
    """A session of Spark.

    ``remote`` is ``sc://host:port`` for Spark Connect, or a master such as ``spark://host:port``;
    without it the environment may name one, else the session is a local one.

    Raises
    ------
    MissingExtraError
        pyspark is not installed.
    EngineError
        There is no Java for a local session, or nothing answers.
    """
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(say("the engine spark"), "spark") from error
    url = remote or os.environ.get(REMOTE) or _LOCAL
    with saying_why():
        _refuse_silence(url)
        return _session(url)


def _refuse_silence(url: str) -> None:
    """Raise ConnectionError where nothing answers: Spark itself would go on for minutes."""
    port = _PORTS.get(url.partition("://")[0])
    if port is None or "," in url:  # no cluster, or one of several masters
        return
    try:
        found = urlsplit(url)
        at = found.hostname or "", found.port or port
        socket.create_connection(at, _PATIENCE).close()
    except (OSError, ValueError) as error:
        raise ConnectionError(f"{url}: {error}") from error


def _session(url: str) -> SparkSession:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("ycd validate")
    if url.startswith(_CONNECT):
        return _fitted(builder.remote(url).getOrCreate())
    options = _EVERYWHERE
    if url.startswith("local"):
        # Its workers have to be like this process.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        options = options | _HERE
    os.environ.setdefault(_JAVA, f"{_LIGHT} -XX:+UseSerialGC")
    builder = builder.config(map=options)
    with _without_remote(), _without_learning(), _without_greetings():
        return _fitted(builder.master(url).getOrCreate())


def _fitted(session: SparkSession) -> SparkSession:
    """The session, which passes records on as they come: few and large ones.

    Its plans are not made anew between their stages: how many parts there are is known before.
    """
    session.conf.set(_AT_ONCE, AT_ONCE)
    session.conf.set("spark.sql.adaptive.enabled", "false")
    return session


@contextmanager
def _without_remote() -> Iterator[None]:
    """Hide the environment's cluster from pyspark, which takes it for one more."""
    remote = os.environ.pop(REMOTE, None)
    try:
        yield
    finally:
        if remote is not None:
            os.environ[REMOTE] = remote


@contextmanager
def _without_learning() -> Iterator[None]:
    """Let Java, which is started within, see a home of Spark without the library for learning."""
    import pyspark

    kept = os.environ.get(_HOME)
    with suppress(OSError):  # where there are no links, Spark starts as it does
        os.environ[_HOME] = _light_home(kept or pyspark.__path__[0])
    try:
        yield
    finally:
        os.environ.pop(_HOME, None)
        if kept is not None:
            os.environ[_HOME] = kept


@cache
def _light_home(whole: str) -> str:
    """A home of Spark that is another without the library, for as long as this process lives."""
    light = Path(mkdtemp(prefix="spark-"))
    atexit.register(rmtree, light, ignore_errors=True)
    (light / "jars").mkdir()
    others = {*Path(whole).glob("*"), *Path(whole).glob("jars/*")}
    for each in others - {Path(whole, "jars"), *Path(whole).glob(f"jars/{_LEARNING}")}:
        (light / each.relative_to(whole)).symlink_to(each)
    return str(light)


@contextmanager
def _without_greetings() -> Iterator[None]:
    """Let Java, which is started within, say nothing: what goes wrong is told as an error."""
    kept = os.dup(2)
    silence = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(silence, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(silence)


@contextmanager
def saying_why() -> Iterator[None]:
    """Turn what Spark raises into one line of ours, and leave out what it warns of."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    lost: tuple[type[Exception], ...] = (Py4JError, PySparkException, ConnectionError)
    if "grpc" in sys.modules:
        lost = (*lost, sys.modules["grpc"].RpcError)
    try:
        # It warns of versions of pandas, which is not used here.
        with warnings.catch_warnings(action="ignore"):
            yield
    except lost as error:
        raise EngineError(
            say("Spark did not finish: {reason}", reason=_reason(error)),
            say(
                "a local session needs Java 17 or later; a cluster has to be up, to reach the "
                "files under the same paths, and to have ycd-opendata[publish] on its workers"
            ),
        ) from error


def _reason(error: Exception) -> str:
    """The one line of a Java or Python trace that says what happened."""
    lines = [each.strip() for each in str(error).splitlines() if each.strip()]
    raised = [each for each in lines if _RAISED.fullmatch(each)]
    said = (raised or lines or [type(error).__name__])[-1 if raised else 0]
    return visible(said[:_LONGEST_REASON])
