"""A comparison as text, JSON and Markdown."""

from __future__ import annotations

import html
import json
from collections import Counter
from typing import Any

from ycd_opendata.shown import quoted, visible
from ycd_opendata.versioning.comparing import Comparison
from ycd_opendata.versioning.weighing import Change

_MOST_LINES = 200


def as_json(comparison: Comparison) -> str:
    """The comparison as one JSON object, every change in it."""
    return json.dumps(to_object(comparison), ensure_ascii=False, indent=2) + "\n"


def to_object(comparison: Comparison) -> dict[str, Any]:
    """The comparison as plain values: ``old, new, bump, declared, changes``."""
    return {
        "old": comparison.old_version,
        "new": comparison.new_version,
        "bump": comparison.bump.name,
        "declared": comparison.new_version,
        "changes": [_change_object(each) for each in comparison.changes],
    }


def _change_object(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "table": change.table,
        "key": dict(change.key),
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "bump": change.rule.bump.name,
        "rule": change.rule.name,
    }


def as_text(comparison: Comparison) -> str:
    """The comparison for a terminal, a line a change."""
    lines = [visible(_line(each)) for each in comparison.changes]
    return "\n".join([summary(comparison), *lines]) + "\n"


def as_markdown(comparison: Comparison) -> str:
    """The comparison for a page: a summary, and a row a change, at most 200."""
    lines = [f"### {summary(comparison)}", ""]
    if comparison.changes:
        lines += ["| bump | rule | change |", "|---|---|---|"]
    for change in comparison.changes[:_MOST_LINES]:
        text = html.escape(visible(_what(change))).replace("|", "&#124;").replace("`", "&#96;")
        lines.append(f"| {change.rule.bump.name} | {change.rule.name} | {text} |")
    left_out = len(comparison.changes) - _MOST_LINES
    if left_out > 0:
        lines += ["", f"{left_out} more changes are not listed."]
    return "\n".join(lines) + "\n"


def summary(comparison: Comparison) -> str:
    """What changed, in a line."""
    counts = Counter(each.kind for each in comparison.changes)
    what = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    head = f"{visible(comparison.old_version)} to {visible(comparison.new_version)}"
    return f"{head}: {what or 'no change'}; needs {comparison.bump.name}"


def _line(change: Change) -> str:
    return f"{change.rule.bump.name:5} {change.rule.name}: {_what(change)}"


def _what(change: Change) -> str:
    place = change.table or "package"
    if change.key:
        place += f" ({', '.join(str(value) for _, value in change.key)})"
    if change.field:
        place += f" {change.field}"
    if change.kind in ("record-added", "record-removed", "record-retired"):
        return place
    if change.kind == "record-renamed":
        return f"{place}: now {', '.join(str(change.after[name]) for name, _ in change.key)}"
    return f"{place}: {_value(change.before)} -> {_value(change.after)}"


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "(none)" if value is None else quoted(text)


FORMATS = {"text": as_text, "json": as_json, "markdown": as_markdown}
