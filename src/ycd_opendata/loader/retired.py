"""Records by id, through the tombstones of ``retired_ids``: an old reference finds its record."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from ycd_opendata.errors import DataError, RetiredIdError, UnknownNameError
from ycd_opendata.extension import Load
from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Package, Resource

if TYPE_CHECKING:
    import pandas as pd

RETIRED = "retired_ids"
"""The table of tombstones, which any package may have: table, id, replaced_by and more."""


def current_ids(
    ids: str | Iterable[str], package: Package, resource: Resource, load: Load
) -> list[str]:
    """The ids that records have now, for ids that may have been retired, in their order.

    Raises RetiredIdError where an id was retired and nothing took its place; UnknownNameError where
    an id was never one; DataError where the table has no key of one field, or its tombstones lead
    nowhere.
    """
    known = dict.fromkeys(load(resource.name)[_key(resource)])
    wanted = [ids] if isinstance(ids, str) else list(ids)
    tombstones = _tombstones(package, _key(resource), load) if set(wanted) - set(known) else {}
    return [_follow(each, known, tombstones, resource.name) for each in wanted]


def select(frame: pd.DataFrame, ids: Iterable[str], resource: Resource, when: str) -> pd.DataFrame:
    """The records of some ids, in the order of the ids; ``when`` goes into the error.

    Raises UnknownNameError where the frame, which need not be the whole table, has no such record.
    """
    positions = {each: number for number, each in enumerate(frame[_key(resource)])}
    wanted = list(ids)
    for each in wanted:
        if each not in positions:
            raise UnknownNameError(
                say("{resource} id{when}", resource=resource.name, when=when), each, positions
            )
    return frame.iloc[[positions[each] for each in wanted]].reset_index(drop=True)


def _key(resource: Resource) -> str:
    key = resource.schema.primary_key if resource.schema is not None else ()
    if len(key) != 1:
        raise DataError(
            say("table {resource!r} has no key of one field, so no ids", resource=resource.name)
        )
    return key[0]


def _tombstones(package: Package, key: str, load: Load) -> dict[str, tuple[str | None, str, str]]:
    """What replaced each retired id, since when and why; a derived table has another's ids."""
    if package.resource(RETIRED) is None:
        return {}
    owner = next(
        (
            each.name
            for each in package.resources
            if each.schema and each.schema.primary_key == (key,)
        ),
        "",
    )
    retired = load(RETIRED)
    rows = retired[retired["table"] == owner].astype(object)
    columns = rows.where(rows.notna(), None)[["id", "replaced_by", "since_version", "reason_en"]]
    return {id_: tuple(rest) for id_, *rest in columns.itertuples(index=False, name=None)}


def _follow(
    record: str,
    known: Collection[str],
    tombstones: dict[str, tuple[str | None, str, str]],
    table: str,
) -> str:
    passed = [record]
    while record not in known:
        if record not in tombstones:
            if len(passed) == 1:
                raise UnknownNameError(say("{table} id", table=table), record, known)
            template = mark("{table} id {passed!r} was replaced by {record!r}, which is no id")
            raise DataError(say(template, table=table, passed=passed[0], record=record))
        replaced_by, since, reason = tombstones[record]
        if replaced_by is None:
            raise RetiredIdError(table, record, since, reason)
        if replaced_by in passed:
            template = mark("{table} id {passed!r} is replaced in a circle: {chain}")
            raise DataError(say(template, table=table, passed=passed[0], chain=passed))
        record = replaced_by
        passed.append(record)
    return record
