"""The fast engine: each table by its plan where it can be read so, by frictionless elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from ycd_opendata.messages import reason_of, say
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.tables.limits import RefusedError, not_stuck
from ycd_opendata.package.tables.opening import NotReadableError
from ycd_opendata.validation.findings import Finding, Kind, Layer, LayerResult, joined_layers
from ycd_opendata.validation.structure import SILENCE, Progress
from ycd_opendata.validation.structure.explanations import explain
from ycd_opendata.validation.structure.fast.keys import KeyFault
from ycd_opendata.validation.structure.fast.planning.conditions import NotPlannableError
from ycd_opendata.validation.structure.fast.planning.plan import EXTENSIONS, Reference, TablePlan
from ycd_opendata.validation.structure.fast.table_run import (
    MissingFileError,
    TableRun,
    Wanted,
    open_table,
)
from ycd_opendata.validation.structure.reference import FrictionlessEngine, check_count
from ycd_opendata.validation.structure.refusals import missing_file, refusal

_SUPPORTED_HASHES = ("md5", "sha256")

SMALL_BYTES = 2**18
"""Tables that are no larger together are read before polars would be loaded."""
_MANY = 16
"""However many there are: tables by so much smaller take polars longer than rows do."""


@dataclass(frozen=True)
class FastEngine:
    """frictionless's verdicts at the speed of reading; ``limit`` findings a table are listed."""

    limit: int
    progress: Progress = SILENCE

    def check(self, package: Package) -> LayerResult:
        """The layer's result; errors as in the ``StructureEngine`` interface."""
        return layer_result(package, *self._read_all(package), self.limit)

    def _read_all(
        self, package: Package
    ) -> tuple[dict[str, TableRun], dict[str, str], list[Finding]]:
        """The tables that were read, those that are left to frictionless and why, and refusals."""
        wanted = wanted_keys(package)
        opened: dict[str, TableRun] = {}
        runs: dict[str, TableRun] = {}
        left: dict[str, str] = {}
        refused: list[Finding] = []
        for resource in package.resources:
            with sorted_out(package, resource, left, refused):
                opened[resource.name] = open_table(package, resource, wanted, self.limit)
        # References compare the keys of tables, so all of them are kept alike.
        is_small = all(each.can_be_small for each in opened.values())
        costs = [each.cost_by_row for each in opened.values()]
        is_small &= sum(costs) <= SMALL_BYTES or max(costs, default=0) <= SMALL_BYTES // _MANY
        for name in _targets_first(opened):
            run = opened[name]
            if not is_small:
                run.known = {
                    each: _known(run, each, runs[each.resource])
                    for each in run.plan.references
                    if each.resource in runs
                }
            with sorted_out(package, run.plan.resource, left, refused):
                self.progress.started(name, run.text.size)
                run.read(self.progress.advanced, is_small=is_small)
                runs[name] = run
        runs = {name: runs[name] for name in opened if name in runs}
        leave_what_refers_to(left, runs, {each.resource for each in refused})
        return runs, left, refused


def _targets_first(opened: Mapping[str, TableRun]) -> list[str]:
    """The tables in an order in which those that others refer to stand in front, if there is one.

    Of references to tables that are read, little has to be kept.
    """
    targets = {
        name: {each.resource for each in run.plan.references} - {"", name}
        for name, run in opened.items()
    }
    try:
        return [name for name in TopologicalSorter(targets).static_order() if name in opened]
    except CycleError:
        return [*opened]


def layer_result(
    package: Package,
    read: Mapping[str, TableRun],
    left: Mapping[str, str],
    refused: Sequence[Finding],
    limit: int,
) -> LayerResult:
    """The layer's result: of tables that were read, of those left to frictionless, of refusals.

    ``limit`` findings a table are listed.
    """
    runs = {name: run for name, run in read.items() if name not in left}
    findings: list[Finding] = []
    unlisted: Counter[Kind] = Counter()
    for run in runs.values():
        run.collector.add_keys(_dangling(run, read), run.keys)
        own = sorted(run.collector.listed, key=lambda each: each.row or 0)
        findings += [*run.header, *_broken_checks(run.plan), *own, *_count_findings(run)]
        unlisted += run.collector.unlisted
    findings += refused
    other, plans = None, {name: run.plan for name, run in runs.items()}
    if left:
        other, seen = _left_result(package, read, left, {each.resource for each in refused}, limit)
        findings += other.findings
        unlisted += other.unlisted
        plans |= seen
    remarks = {name: each.remarks for name, each in plans.items()}
    remarks |= {name: each.remarks for name, each in runs.items()}
    tables, rows = len(runs), sum(run.rows for run in runs.values())
    layer = Layer(
        "structure",
        True,
        tables + (other.layer.tables if other else 0),
        rows + (other.layer.rows if other else 0),
        sum(check_count(each.schema) for each in package.resources if each.schema),
        skipped=(*_unchecked(plans, refused), *(other.layer.skipped if other else ())),
        notes=(
            *(
                say("{name}: checked by frictionless, because {why}", name=name, why=why)
                for name, why in left.items()
            ),
            *(f"{name}: {each}" for name, said in remarks.items() for each in said),
        ),
        extensions=tuple(EXTENSIONS) if plans else (),
    )
    ruled = [each for each in runs.values() if each.plan.rules]
    declared = joined_layers(
        Layer(
            "rules",
            bool(ruled),
            len(ruled),
            sum(each.rows for each in ruled),
            sum(len(each.plan.rules) for each in ruled),
        ),
        other.declared if other else Layer("rules", False),
    )
    order = {each.name: number for number, each in enumerate(package.resources)}
    findings.sort(key=lambda each: order.get(each.resource, -1))
    return LayerResult(layer, tuple(findings), unlisted, declared)


def _left_result(
    package: Package,
    read: Mapping[str, TableRun],
    left: Mapping[str, str],
    refused: Set[str],
    limit: int,
) -> tuple[LayerResult, dict[str, TablePlan]]:
    """Of tables that are left to frictionless, its result with ours of their rows, and their plans.

    Arguments as in ``layer_result``, but that of the tables refused the names are enough.
    """
    # Loaded late: most packages have nothing for it.
    from ycd_opendata.validation.structure.fast.left_rows import left_rows

    watched = left_rows(package, left, limit)
    seeing = {name: each.see for name, each in watched.items()}
    result = FrictionlessEngine().check_tables(package, left, refused, seeing, has_groups=True)
    findings, unlisted = [*result.findings], Counter(result.unlisted)
    for name, seen in watched.items():
        findings += [*_broken_checks(seen.plan), *seen.findings(package)]
        unlisted += seen.collector.unlisted
        # It was read before it was left for what it refers to.
        findings += _of_the_file(read[name]) if name in read else ()
    plans = {name: each.plan for name, each in watched.items()}
    return replace(result, findings=tuple(findings), unlisted=unlisted), plans


def leave_what_refers_to(
    left: dict[str, str], runs: Mapping[str, TableRun], not_read: Set[str]
) -> None:
    """Leave the tables to frictionless too that refer to such a table."""
    for name, run in runs.items():
        targets = {each.resource or name for each in run.plan.references}
        unread = sorted(targets - {*runs} - not_read)
        if unread:
            left[name] = say("it refers to {unread}", unread=", ".join(unread))


@contextmanager
def sorted_out(
    package: Package, resource: Resource, left: dict[str, str], refused: list[Finding]
) -> Iterator[None]:
    """Put a table that cannot be opened or read where it belongs."""
    try:
        with not_stuck():
            yield
    except (NotReadableError, NotPlannableError) as reason:
        left[resource.name] = str(reason)
    except OSError as error:
        # It was opened, and broke off: a packed file that is cut off, a disk.
        left[resource.name] = say("it cannot be read ({reason})", reason=reason_of(error))
    except RefusedError as reason:
        refused.append(refusal(package, resource, reason))
    except MissingFileError as gone:
        refused.append(missing_file(resource, str(gone)))


def _of_the_file(run: TableRun) -> Iterator[Finding]:
    """What is wrong with a text, of which frictionless knows the rows alone."""
    for each in (*run.header, *run.collector.listed):
        if each.code in ("part-header", "stray-quote", "unclosed-quote"):
            yield each


def _broken_checks(plan: TablePlan) -> Iterator[Finding]:
    resource = plan.resource
    for each in plan.broken:
        yield Finding(
            code="check-impossible",
            severity=EXTENSIONS["check-impossible"],
            resource=resource.name,
            path=resource.paths[0],
            message=say("nothing can be checked: {each}", each=each),
            hint=say("correct it in the Table Schema"),
        )


def _unchecked(plans: Mapping[str, TablePlan], refused: Sequence[Finding]) -> Iterator[str]:
    gone = {each.resource for each in refused}
    for name, plan in plans.items():
        yield from (f"{name}: {each}" for each in plan.unchecked)
        for target in sorted({each.resource for each in plan.references} & gone):
            yield say(
                "{name}: references to {target}, which was not read", name=name, target=target
            )


def wanted_keys(package: Package) -> Wanted:
    """The fields of each table that references look up."""
    wanted: dict[str, tuple[tuple[str, ...], ...]] = {}
    for resource in package.resources:
        for key in resource.schema.foreign_keys if resource.schema else ():
            target = key.resource or resource.name
            known = wanted.get(target, ())
            if key.reference_fields not in known:
                wanted[target] = (*known, key.reference_fields)
    return wanted


def _dangling(run: TableRun, read: Mapping[str, TableRun]) -> Iterator[KeyFault]:
    for reference in run.plan.references:
        target = read.get(reference.resource or run.plan.resource.name)
        if target is not None:
            is_known = reference in run.known
            known = run.known[reference] if is_known else _known(run, reference, target)
            yield from run.keys.reference_faults(reference, known)


def _known(run: TableRun, reference: Reference, target: TableRun) -> Any:
    """The values that a reference may have; None if values of its types are never equal."""
    positions = known_positions(run.plan, reference, target.plan)
    return None if positions is None else target.keys.known(positions)


def known_positions(
    plan: TablePlan, reference: Reference, target: TablePlan
) -> tuple[int, ...] | None:
    """The columns that a reference is looked up in; None if values of its types are never equal."""
    positions = target.positions(reference.fields)
    if positions is None:
        return None
    families = [plan.columns[at].family for at in reference.positions]
    return positions if families == [target.columns[at].family for at in positions] else None


def _count_findings(run: TableRun) -> Iterator[Finding]:
    """Whether the file is of the size and hash that the descriptor says, with as much in it."""
    resource = run.plan.resource
    algorithm, _, digest = str(resource.raw.get("hash", "")).rpartition(":")
    algorithm = algorithm or "md5"
    expected: dict[str, object] = {}
    if digest and algorithm in _SUPPORTED_HASHES:
        expected["hash-count"] = digest
    for code, key in (("byte-count", "bytes"), ("field-count", "fields"), ("row-count", "rows")):
        if resource.raw.get(key):
            expected[code] = resource.raw[key]
    actual: dict[str, object] = {"field-count": len(run.plan.schema.fields), "row-count": run.rows}
    if expected.keys() & {"hash-count", "byte-count"}:
        size, found = run.text.digest(algorithm if "hash-count" in expected else "md5")
        # Where there is no hash, it is not compared; a size is.
        actual |= {"hash-count": found or digest, "byte-count": size}
    for code, value in expected.items():
        if value != actual[code]:
            message, hint = explain(code, f'expected is "{value}" and actual is "{actual[code]}"')
            yield Finding(
                code=code,
                resource=resource.name,
                path=resource.paths[0],
                message=message,
                hint=hint,
            )
