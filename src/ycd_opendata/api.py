"""The functions that do for any package, as data, what the commands do in a terminal.

They print nothing, write nothing, and raise only the exceptions of ``ycd_opendata.errors``.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from ycd_opendata.errors import PackageError, UnknownNameError, require_publish_extra
from ycd_opendata.messages import reason_of, say
from ycd_opendata.package import open_package as opening
from ycd_opendata.package.model import Package

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from ycd_opendata.profiling.column_profile import PackageProfile
    from ycd_opendata.validation.findings import Report
    from ycd_opendata.versioning.weighing import Change

Source = str | os.PathLike[str]
"""A folder, a descriptor, a ZIP, a release, ``git:REVISION``, or an address on the web."""


def validate(
    source: Source = ".",
    *,
    engine: Literal["fast", "frictionless", "spark"] = "fast",
    schema: Source | None = None,
    max_findings: int = 10_000,
    since: str | None = None,
    allow_remote: bool = False,
) -> Report:
    """Check a package: descriptor, form, structure and rules; what ``ycd validate`` does.

    Parameters
    ----------
    source : str or path
        The package, as for every command; the default is the current folder's.
    engine : {"fast", "frictionless", "spark"}
        What checks tables against their schemas; spark where ``SPARK_REMOTE`` says, or here.
    schema : str or path, optional
        ``source`` is one CSV file, to be checked by this Table Schema.
    max_findings : int
        List so many findings; all are counted.
    since : str, optional
        A git revision: only the tables that changed since, and those that refer to them, are read.
    allow_remote : bool
        Whether anything is read from the web.

    Returns
    -------
    Report
        ``valid``, ``findings``, ``layers``, ``count("error")``, ``to_frame()``, ``to_json()``.

    Raises
    ------
    PackageError
        There is no package, or it cannot be read at all; no such revision.
    UnknownNameError
        No such engine.
    EngineError
        The cluster cannot be reached, or was lost on the way.
    MissingExtraError
        The extra ``ycd-opendata[publish]`` is not installed, or ``[spark]`` for that engine.

    Examples
    --------
    >>> validate("tests/shapes/none")
    Traceback (most recent call last):
    ...
    ycd_opendata.errors.PackageError: no such file or folder: 'tests/shapes/none' ...
    """
    require_publish_extra("validating")
    from ycd_opendata.validation.run import ENGINES, validate_descriptor

    if engine not in ENGINES:
        raise UnknownNameError("engine", engine, ENGINES)
    described = None if schema is None else os.fspath(schema)
    opened = opening.open_descriptor(os.fspath(source), allow_remote=allow_remote, schema=described)
    with _said_as_ours(source), opened as descriptor:
        return validate_descriptor(
            descriptor, engine, max_findings, allow_remote=allow_remote, since=since
        )


@dataclass(frozen=True)
class Difference:
    """What leads from one package to another.

    Attributes
    ----------
    old, new : str
        The two versions.
    bump : {"none", "patch", "minor", "major"}
        What the changes need.
    changes : tuple of Change
        Every change, with its ``rule``.
    problem : str
        Why ``new`` is not a version that the changes allow; "" if it is.
    """

    old: str
    new: str
    bump: str
    changes: tuple[Change, ...]
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        """The documented JSON object of ``ycd diff --format json``."""
        from ycd_opendata.versioning.change_formats import change_object

        return {
            "old": self.old,
            "new": self.new,
            "bump": self.bump,
            "declared": self.new,
            "changes": [change_object(each) for each in self.changes],
        }

    def to_frame(self) -> pd.DataFrame:
        """The changes as a pandas frame, a row a change."""
        import pandas as pd

        columns = ["kind", "table", "key", "field", "before", "after", "bump", "rule"]
        return pd.DataFrame(self.to_json()["changes"], columns=columns)


def diff(old: Source, new: Source = ".", *, allow_remote: bool = False) -> Difference:
    """What changed between two packages, and the version bump it needs; as ``ycd diff``.

    Raises
    ------
    PackageError, DataError
        One of them cannot be read.
    MissingExtraError
        The extra ``ycd-opendata[publish]`` is not installed.
    """
    require_publish_extra("comparing packages")
    from ycd_opendata.versioning.comparing import compare
    from ycd_opendata.versioning.weighing import version_problem

    with _opened(old, allow_remote) as before, _opened(new, allow_remote) as after:
        comparison = compare(before, after)
        changes, bump = tuple(comparison.changes()), comparison.bump
    problem = version_problem(before.version, after.version, bump)
    return Difference(before.version, after.version, bump.name, changes, problem)


def profile(source: Source = ".", *, allow_remote: bool = False) -> PackageProfile:
    """The statistics of each column of a package, as ``ycd profile`` shows them.

    A table that cannot be read has no columns, and ``unread`` says why.

    Raises
    ------
    PackageError
        The package cannot be read at all.
    MissingExtraError
        The extra ``ycd-opendata[publish]`` is not installed.
    """
    require_publish_extra("profiling")
    from ycd_opendata.profiling import statistics

    with _opened(source, allow_remote) as package:
        return statistics.profile(package)


def open_package(source: Source = ".", *, allow_remote: bool = False) -> DataPackage:
    """Open any package, to load its tables as typed frames.

    What has to be unpacked or fetched for it is kept until it is closed, or no longer used.

    Raises
    ------
    PackageError
        It cannot be read.

    Examples
    --------
    >>> open_package("tests/shapes/none")
    Traceback (most recent call last):
    ...
    ycd_opendata.errors.PackageError: no such file or folder: 'tests/shapes/none' ...
    """
    stack = ExitStack()
    with _said_as_ours(source):
        opened = opening.open_package(os.fspath(source), allow_remote=allow_remote)
        return DataPackage(stack.enter_context(opened), stack)


class DataPackage:
    """A package that is open: its tables by name, as frames typed by their schemas.

    Use it in a ``with`` block, or ``close`` it; what was unpacked goes with it.

    Attributes
    ----------
    name, version, title : str
        As its descriptor has them.
    """

    def __init__(self, package: Package, stack: ExitStack) -> None:
        self.name, self.version, self.title = package.name, package.version, package.title
        self._package = package
        self._close = weakref.finalize(self, stack.close)

    @property
    def descriptor(self) -> Mapping[str, Any]:
        """The descriptor, with schemas and dialects put in place. Do not change it."""
        return self._package.raw

    @property
    def table_names(self) -> tuple[str, ...]:
        """The names of the tables that ``load`` takes."""
        from ycd_opendata.loader.loading import table_resources

        return tuple(name for name, each in table_resources(self._package).items() if each.is_table)

    @overload
    def load(self, table: str, *, engine: Literal["pandas"] = "pandas") -> pd.DataFrame: ...

    @overload
    def load(self, table: str, *, engine: Literal["polars"]) -> pl.DataFrame: ...

    def load(
        self, table: str, *, engine: Literal["pandas", "polars"] = "pandas"
    ) -> pd.DataFrame | pl.DataFrame:
        """A table as a frame typed by its Table Schema; as ``ycd_opendata.load``.

        Raises
        ------
        UnknownNameError
            No such table or engine.
        DataError
            The table cannot be read, or a cell is not of its type.
        PackageError
            The package is closed.
        MissingExtraError
            polars is asked for and not installed; or the table is in a format that only
            ``ycd-opendata[publish]`` reads.
        """
        from ycd_opendata.loader.frames import to_polars
        from ycd_opendata.loader.loading import find_resource, load_table

        if engine not in ("pandas", "polars"):
            raise UnknownNameError("engine", engine, ("pandas", "polars"))
        self._refuse_closed()
        schema = find_resource(self._package, table).schema
        with _said_as_ours(table):
            frame = load_table(self._package, table)
        if engine == "pandas" or schema is None:
            return frame
        return to_polars(frame, schema)

    def describe(self, table: str) -> pd.DataFrame:
        """The columns of a table: type, unit, title, meaning; as ``ycd_opendata.describe``."""
        from ycd_opendata.loader.overview import describe_table

        return describe_table(self._package, table)

    def path(self, table: str) -> Path:
        """The file of a table on this disk. Do not write to it.

        Raises
        ------
        UnknownNameError
            No such table, or it has no single file.
        PackageError
            The package is closed.
        """
        self._refuse_closed()
        with_file = {each.name: each for each in self._package.resources if len(each.paths) == 1}
        if table not in with_file:
            raise UnknownNameError(say("table with a file"), table, with_file)
        return self._package.path(with_file[table])

    def close(self) -> None:
        """Remove what was unpacked for the package; its tables can no longer be loaded."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "" if self._close.alive else ", closed"
        return f"<DataPackage {self.name} {self.version}{state}>"

    def _refuse_closed(self) -> None:
        if not self._close.alive:
            raise PackageError(
                say("the package {name!r} is closed", name=self.name), say("open it again")
            )


@contextmanager
def _opened(source: Source, allow_remote: bool) -> Iterator[Package]:
    opened = opening.open_package(os.fspath(source), allow_remote=allow_remote)
    with _said_as_ours(source), opened as package:
        yield package


@contextmanager
def _said_as_ours(source: object) -> Iterator[None]:
    """Turn what the system refuses into an error of ours."""
    try:
        yield
    except OSError as error:
        where = str(error.filename or source)
        raise PackageError(
            say("cannot read {where!r}: {reason}", where=where, reason=reason_of(error))
        ) from error
