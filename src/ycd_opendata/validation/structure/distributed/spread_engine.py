"""The engine that spreads tables over an execution, and reports what the fast one does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from ycd_opendata.errors import EngineError, PackageError
from ycd_opendata.messages import language, say
from ycd_opendata.package.model import Package
from ycd_opendata.package.tables.limits import RefusedError
from ycd_opendata.package.tables.opening import NotReadableError, Text
from ycd_opendata.package.tables.sections import (
    NotSplittableError,
    Piece,
    Range,
    RangeCounts,
    Split,
    ranges,
    split,
)
from ycd_opendata.validation.findings import Finding, LayerResult
from ycd_opendata.validation.structure import SILENCE, Progress
from ycd_opendata.validation.structure.distributed.execution import Execution, Found
from ycd_opendata.validation.structure.distributed.gathering import gather
from ycd_opendata.validation.structure.distributed.jobs import TableJob
from ycd_opendata.validation.structure.distributed.task_records import NOWHERE, packed
from ycd_opendata.validation.structure.distributed.tasks import Problem, Summary
from ycd_opendata.validation.structure.fast.engine import (
    known_positions,
    layer_result,
    leave_what_refers_to,
    sorted_out,
    wanted_keys,
)
from ycd_opendata.validation.structure.fast.table_run import TableRun, Wanted, open_table

RANGE_BYTES = 2**26
"""How many bytes of a file a task reads, unless a row goes on."""

NEAR_BYTES = 2**22
"""A table of no more bytes to which others refer is read first, and told to their tasks."""

_SHARES, _MOST_BUCKETS = 4, 1_024
"""The keys of a range are put into so many buckets for each range, of which each has that many
keys or fewer, to be compared in one go."""


@dataclass(frozen=True)
class SpreadEngine:
    """The fast engine's verdicts by the tasks of an execution.

    ``limit`` findings a table are listed.
    """

    limit: int
    opened: Callable[[], AbstractContextManager[Execution]]
    range_bytes: int = RANGE_BYTES
    near_bytes: int = NEAR_BYTES
    progress: Progress = SILENCE

    def check(self, package: Package) -> LayerResult:
        """The layer's result; errors as in the ``StructureEngine`` interface.

        Raises
        ------
        PackageError
            A task cannot reach a file.
        EngineError
            The execution is lost, or its workers differ.
        """
        # A worker stands in another folder.
        package = replace(package, root=package.root.resolve())
        wanted = wanted_keys(package)
        runs: dict[str, TableRun] = {}
        left: dict[str, str] = {}
        refused: list[Finding] = []
        for resource in package.resources:
            with sorted_out(package, resource, left, refused):
                runs[resource.name] = open_table(package, resource, wanted, self.limit)
        with self.opened() as execution:
            near = set()
            for name in _near(runs, wanted, self.near_bytes):
                run = runs.pop(name)
                with sorted_out(package, run.plan.resource, left, refused):
                    self.progress.started(name, run.text.size)
                    run.read(self.progress.advanced, is_small=False)
                    near.add(name)
                    runs[name] = run
            reading = _Reading(self, package, wanted, runs, near, execution)
            jobs, whole = reading.jobs()
            done, problems = reading.done(jobs, whole)
            for name, problem in problems.items():
                with sorted_out(package, runs.pop(name).plan.resource, left, refused):
                    raise _error(name, problem)
            reading.gather({name: done[name] for name in runs if name not in near})
        leave_what_refers_to(left, runs, {each.resource for each in refused})
        result = layer_result(package, runs, left, refused, self.limit)
        notes = tuple(
            say("{name}: read by one task, because {why}", name=name, why=why)
            for name, why in whole.items()
        )
        return replace(result, layer=replace(result.layer, notes=(*notes, *result.layer.notes)))


Done = tuple[TableJob, Sequence[Summary]]


@dataclass
class _Reading:
    """The tables of one package on their way through an execution, but for those read here."""

    engine: SpreadEngine
    package: Package
    wanted: Wanted
    runs: Mapping[str, TableRun]
    near: Set[str]
    execution: Execution
    _count: int = 0
    _buckets: int = 1

    def jobs(self) -> tuple[dict[str, TableJob], dict[str, str]]:
        """The job of each table, and why a table is not cut."""
        cut: dict[str, tuple[Text, tuple[Range, ...]]] = {}
        whole: dict[str, str] = {}
        size = self.engine.range_bytes
        runs = {name: run for name, run in self.runs.items() if name not in self.near}
        for name, run in runs.items():
            if isinstance(run.text, Text):
                try:
                    cut[name] = run.text, ranges(run.text, size)
                except NotSplittableError as reason:
                    whole[name] = str(reason)
        most = max((_size(each) for each in runs.values()), default=0)
        self._buckets = min(max(_SHARES * (most // size), 1), _MOST_BUCKETS)
        asked = [each for _, found in cut.values() if len(found) > 1 for each in found]
        counts = dict(zip(asked, self.execution.count(asked) if asked else (), strict=True))
        jobs: dict[str, TableJob] = {}
        for name, run in runs.items():
            try:
                found = _split(*cut[name], counts) if name in cut else None
            except NotSplittableError as reason:
                found, whole[name] = None, str(reason)
            if not isinstance(run.text, Text):
                found = Split(run.text.pieces(size), ())
            jobs[name] = self._job(name, found)
        return jobs, whole

    def done(
        self, jobs: Mapping[str, TableJob], whole: dict[str, str]
    ) -> tuple[dict[str, Done], dict[str, Problem]]:
        """The tables that were read, and what is wrong with others; some are read once more."""
        done, problems = self._checked(jobs)
        again = {
            name: self._job(name, None)
            for name, each in problems.items()
            if each.kind == "irregular"
        }
        if again:
            whole.update(dict.fromkeys(again, say("its quotes or line ends are irregular")))
            more, found = self._checked(again)
            done, problems = {**done, **more}, {**problems, **found}
            for name in more:
                del problems[name]
        return done, problems

    def gather(self, done: Mapping[str, Done]) -> None:
        """Put what was found into the tables."""
        limit = self.engine.limit
        if len({each.hashing for _, own in done.values() for each in own if each.hashing}) > 1:
            raise EngineError(
                say("tasks hash keys in different ways"),
                say("every worker has to have the same version of polars"),
            )
        streams = {
            (job.number, *each)
            for job, summaries in done.values()
            for each in _first_streams(summaries, limit)
        }
        keyed = {job.number for job, own in done.values() if any(each.hashing for each in own)}
        found = self.execution.found(streams, keyed, limit) if streams or keyed else Found({}, {})
        for name, (job, summaries) in done.items():
            notes = found.notes.get(job.number, {})
            gather(self.runs[name], job, summaries, notes, found.wrong)

    def _checked(self, jobs: Mapping[str, TableJob]) -> tuple[dict[str, Done], dict[str, Problem]]:
        progress = self.engine.progress
        summaries = self.execution.check([*jobs.values()]) if jobs else {}
        done: dict[str, Done] = {}
        problems: dict[str, Problem] = {}
        for name, job in jobs.items():
            size = self.runs[name].text.size
            progress.started(name, size)
            progress.advanced(size)
            own = summaries[job.number]
            problem = next((each.problem for each in own if each.problem), None)
            if problem:
                problems[name] = problem
            else:
                done[name] = job, own
        return done, problems

    def _job(self, name: str, found: Split | None) -> TableJob:
        run = self.runs[name]
        resource = run.plan.resource
        self._count += 1
        known = [(table, fields) for table, each in self.wanted.items() for fields in each]
        targets, near = [], dict[int, bytes | None]()
        for number, each in enumerate(run.plan.references):
            target = self.runs.get(each.resource or name)
            positions = target and known_positions(run.plan, each, target.plan)
            place = known.index((each.resource or name, each.fields)) if positions else NOWHERE
            targets.append(place)
            if target and (each.resource or name) in self.near:
                values = target.keys.known(positions).alias("known") if positions else None
                near[number] = None if values is None else packed(values.to_frame())
        return TableJob(
            self._count,
            replace(self.package, resources=(resource,), raw={}),
            run.text if found else None,
            found.pieces if found else (),
            found.line_counts if found else (),
            {resource.name: run.plan.wanted},
            self.engine.limit,
            tuple(targets),
            near,
            tuple(known.index((name, fields)) for fields in run.plan.wanted),
            self._buckets,
            language(),
        )


def _near(runs: Mapping[str, TableRun], wanted: Wanted, most: int) -> list[str]:
    """Small tables that others refer to, and that refer to no other than such tables.

    They are read here, in the order of the package, so that tasks can check references to them.
    """
    near = [name for name in wanted if name in runs and 0 < runs[name].text.size <= most]
    size = -1
    while size != len(near):
        size = len(near)
        near = [
            name
            for name in near
            if all((each.resource or name) in near for each in runs[name].plan.references)
        ]
    return [name for name in runs if name in near]


def _split(text: Text, found: tuple[Range, ...], counts: Mapping[Range, RangeCounts]) -> Split:
    if len(found) > 1:
        return split(text, found, [counts[each] for each in found])
    # One range is one piece, whatever stands in it.
    return Split(tuple(Piece(each.part, each.start, each.end, 0, 0) for each in found), ())


def _size(run: TableRun) -> int:
    """The bytes of a table's files, which may be packed."""
    if isinstance(run.text, Text):
        return sum(each.stat().st_size for each in run.text.paths)
    return run.text.size


def _first_streams(summaries: Sequence[Summary], limit: int) -> Iterator[tuple[int, int]]:
    """The tasks and the places of their streams that have the first notes of each stream."""
    taken: Counter[str] = Counter()
    for at, summary in enumerate(summaries):
        for number, (stream, count) in enumerate(summary.listed.items()):
            if taken[stream] < limit:
                taken[stream] += count
                yield at, number


def _error(name: str, problem: Problem) -> Exception:
    """What a task gave up for, as the error that it would be here."""
    if problem.kind == "unreadable":
        return NotReadableError(problem.reason)
    if problem.kind == "refused":
        return RefusedError(problem.reason)
    return PackageError(
        say(
            "a task cannot read the table {name}: {reason}", name=repr(name), reason=problem.reason
        ),
        say("every worker has to reach the files under the same path"),
    )
