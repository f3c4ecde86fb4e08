"""A comparison as text, JSON, Markdown and as a change file, a piece at a time."""

from __future__ import annotations

import copy
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ycd_opendata.loader.derived_tables import own_tables
from ycd_opendata.messages import say
from ycd_opendata.shown import markdown, quoted, visible, writable_json
from ycd_opendata.versioning.cell_values import plain_schema
from ycd_opendata.versioning.comparing import Comparison
from ycd_opendata.versioning.reading_changes import STORAGE
from ycd_opendata.versioning.weighing import Change

_LEFT_OUT = ("bytes", "hash", "scheme", "extrapaths", "data", *STORAGE)
_MOST_LINES = 200
_MOST_ALIKE = 20


def as_json(comparison: Comparison, more: Mapping[str, Any] | None = None) -> Iterator[str]:
    """The comparison as one JSON object with every change in it, a line a change.

    ``old, new, bump, declared, changes``, and the keys of ``more``.
    """
    head = {
        "old": comparison.old.version,
        "new": comparison.new.version,
        "bump": comparison.bump.name,
        "declared": comparison.new.version,
    }
    yield "{\n" + "".join(f"  {_json(key)}: {_json(head[key])},\n" for key in head)
    yield '  "changes": ['
    separator = "\n    "
    for change in comparison.changes():
        yield separator + _json(change_object(change))
        separator = ",\n    "
    yield "]" if separator == "\n    " else "\n  ]"
    for key, value in (more or {}).items():
        text = json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        yield f",\n  {_json(key)}: {writable_json(text)}"
    yield "\n}\n"


def change_file(comparison: Comparison) -> Iterator[str]:
    """The change file of a release: the JSON with the newer package's ``descriptor`` in it.

    Who has the older release can make the newer one of it. The descriptor has the tables only,
    each as its values are written plainly.
    """
    raw = copy.deepcopy(dict(comparison.new.raw))
    schemas = {
        each.name: plain_schema(each.schema)
        for each in own_tables(comparison.new).values()
        if each.schema is not None
    }
    raw["resources"] = [
        {key: value for key, value in each.items() if key not in _LEFT_OUT}
        | {"path": f"data/{each['name']}.csv", "encoding": "utf-8", "format": "csv"}
        | {"schema": schemas[each["name"]]}
        for each in raw["resources"]
        if each["name"] in schemas
    ]
    return as_json(comparison, {"descriptor": raw})


_encode = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps makes an encoder a call


def _json(value: Any) -> str:
    return writable_json(_encode(value))


def change_object(change: Change) -> dict[str, Any]:
    """A change as it stands in the JSON object."""
    rule = change.rule
    return {
        "kind": change.kind,
        "table": change.table,
        "key": dict(change.key),
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "bump": rule.bump.name,
        "rule": rule.name,
    }


def as_text(comparison: Comparison) -> Iterator[str]:
    """The comparison for a terminal, a line a change."""
    yield summary(comparison) + "\n"
    for change in comparison.changes():
        yield _line(change)


def as_short_text(comparison: Comparison) -> Iterator[str]:
    """The comparison for a terminal: some changes of each kind in each table, and how many more."""
    yield summary(comparison) + "\n"
    counts: Counter[tuple[str, str]] = Counter()
    for change in comparison.changes():
        kind = (change.rule.name, change.table)
        counts[kind] += 1
        if counts[kind] <= _MOST_ALIKE:
            yield _line(change)
    more = {kind: count - _MOST_ALIKE for kind, count in counts.items() if count > _MOST_ALIKE}
    for (rule, table), count in more.items():
        table = visible(table) or say("package")
        line = say("… and {count:,} more of {rule} in {table}", count=count, rule=rule, table=table)
        yield line + "\n"
    if more:
        yield say("--format json lists every change") + "\n"


def _line(change: Change) -> str:
    return visible(f"{change.rule.bump.name:5} {change.rule.name}: {_what(change)}") + "\n"


def as_markdown(comparison: Comparison) -> Iterator[str]:
    """The comparison for a page: a summary, and a row a change, at most 200."""
    yield f"### {markdown(summary(comparison))}\n\n"
    if comparison.count:
        yield f"| {say('bump')} | {say('rule')} | {say('change')} |\n|---|---|---|\n"
    for change in itertools.islice(comparison.changes(), _MOST_LINES):
        yield f"| {change.rule.bump.name} | {change.rule.name} | {markdown(_what(change))} |\n"
    if comparison.count > _MOST_LINES:
        yield (
            "\n"
            + say("{count} more changes are not listed.", count=comparison.count - _MOST_LINES)
            + "\n"
        )


def summary(comparison: Comparison) -> str:
    """What changed, in a line."""
    counts: Counter[str] = Counter()
    for each in comparison.groups:
        counts[each.kind] += each.count
    what = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    return say(
        "{old} to {new}: {what}; needs {bump}",
        old=visible(comparison.old.version) or say("no version"),
        new=visible(comparison.new.version) or say("no version"),
        what=what or say("no change"),
        bump=comparison.bump.name,
    )


def _what(change: Change) -> str:
    place = change.table or say("package")
    if change.key:
        place += f" ({', '.join(str(value) for _, value in change.key)})"
    if change.field:
        place += f" {change.field}"
    if change.kind in ("record-added", "record-removed", "record-retired"):
        return place
    if change.kind == "record-renamed":
        return say(
            "{place}: now {after}",
            place=place,
            after=", ".join(str(change.after[name]) for name, _ in change.key),
        )
    if change.kind in ("row-added", "row-removed"):
        return f"{place}: {_value(change.before if change.after is None else change.after)}"
    if change.kind == "key-missing":
        return say(
            "{place} has no primary key, so a row that was corrected is one that went and one "
            "that came; {key_to_declare}",
            place=place,
            key_to_declare=_key_to_declare(change.after),
        )
    if change.kind == "file-changed":
        return say("{place}: its file has other content", place=place)
    return f"{place}: {_value(change.before)} -> {_value(change.after)}"


def _key_to_declare(name: str | None) -> str:
    if name is None:
        return say("no column tells its rows apart in both versions")
    return say("{name} is unique in both versions: declare it as primaryKey", name=quoted(name))


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return say("(none)") if value is None else quoted(text)


FORMATS: dict[str, Callable[[Comparison], Iterator[str]]] = {
    "text": as_short_text,
    "json": as_json,
    "markdown": as_markdown,
}
