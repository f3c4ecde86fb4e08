"""A profile as text for a terminal, as Markdown and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from ycd_opendata.messages import counted, mark, say
from ycd_opendata.profiling.column_profile import Bar, ColumnProfile, PackageProfile, ValueCount
from ycd_opendata.shown import json_text, markdown, shortened, visible

_BLOCKS = "▁▂▃▄▅▆▇█"
_LONGEST, _FEW = 30, 3

_COLUMNS = (
    *(mark("column"), mark("type"), mark("missing"), mark("different")),
    *(mark("lowest"), mark("highest"), mark("mean"), mark("commonest")),
)


def profile_json(profile: PackageProfile) -> str:
    """The whole profile; what is not known of a column is null."""
    return json_text(asdict(profile))


def profile_text(profile: PackageProfile) -> str:
    """A line a column."""
    lines = []
    for table in profile.tables:
        name = visible(table.name)
        if table.unread:
            reason = visible(table.unread)
            lines += [say("{table}: not read: {unread}", table=name, unread=reason), ""]
            continue
        lines.append(say(": ").join((name, counted(table.rows, "row"))))
        width = max((len(visible(each.name)) for each in table.columns), default=0)
        for each in table.columns:
            said = say("; ").join(_said(each))
            bars = sparkline(each.histogram)
            lines.append(
                f"  {visible(each.name):{width}}  {each.type:9} {bars} {visible(said)}".rstrip()
            )
        lines.append("")
    return "\n".join(lines)


def _said(column: ColumnProfile) -> Iterator[str]:
    """What is known of a column, in a few words each."""
    unit = f" {column.unit}" if column.unit else ""
    if column.low is not None and column.high is not None:
        low, high = _number(column.low), _number(column.high)
        yield say("{number} to {number_2}{unit}", number=low, number_2=high, unit=unit)
    if column.mean is not None and column.median is not None and column.type != "year":
        mean, median = _number(column.mean), _number(column.median)
        yield say("mean {number}, median {number_2}", number=mean, number_2=median)
    if column.missing:
        share = share_of(column.missing, column.rows)
        yield say("{missing:,} missing ({share})", missing=column.missing, share=share)
    if column.invalid:
        yield say("{invalid:,} not of this type", invalid=column.invalid)
    if column.distinct == column.rows and column.rows > 1:
        yield say("all different")
    else:
        yield say("{distinct:,} different", distinct=column.distinct)
    if column.longest is not None and not column.commonest:
        lengths = {"shortest": column.shortest, "longest": column.longest}
        if column.shortest == column.longest:
            yield say("all of length {longest}", longest=column.longest)
        else:
            yield say("{shortest} to {longest} characters", **lengths)
    if column.commonest and column.low is None:
        yield _commonest(column.commonest[:_FEW])


def share_of(some: int, all: int) -> str:
    """A share in percent; what is not nothing is no 0%, and what is not all of it no 100%."""
    said = f"{some / all:.0%}"
    return {"0%": "<1%", "100%": ">99%"}.get(said, said) if 0 < some < all else said


def sparkline(histogram: Iterable[Bar]) -> str:
    """A histogram as one block a bar."""
    counts = [each.count for each in histogram]
    highest = max(counts, default=0)
    if not highest:
        return ""
    top = len(_BLOCKS) - 1
    return "".join(_BLOCKS[-(-count * top // highest)] if count else " " for count in counts)


def profile_markdown(profile: PackageProfile) -> str:
    """A table a table, for a README or the page of a run."""
    lines = [f"# {markdown(profile.name)} {markdown(profile.version)}".rstrip(), ""]
    for table in profile.tables:
        lines += [f"## {markdown(table.name)}", ""]
        if table.unread:
            lines += [say("Not read: {unread}", unread=markdown(table.unread)), ""]
            continue
        lines += [
            say("{rows:,} rows", rows=table.rows),
            "",
            f"| {' | '.join(map(say, _COLUMNS))} |",
            "|---|---|--:|--:|--:|--:|--:|---|",
            *(_markdown_row(each) for each in table.columns),
            "",
        ]
    return "\n".join(lines)


def _markdown_row(column: ColumnProfile) -> str:
    cells = (
        column.name,
        column.type,
        f"{column.missing:,}",
        f"{column.distinct:,}",
        _number(column.low),
        _number(column.high),
        _number(column.mean),
        _commonest(column.commonest),
    )
    return f"| {' | '.join(markdown(each) for each in cells)} |"


def _number(value: float | str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    # What has four digits may be a year.
    apart = "," if abs(value) >= 10_000 else ""
    return format(value, apart if isinstance(value, int) else f"{apart}.6g")


def _commonest(values: Iterable[ValueCount]) -> str:
    return ", ".join(f"{shortened(each.value, _LONGEST)} ({each.count:,})" for each in values)
