"""What to know of the figures of an indicator: whose word they are, and who contradicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ycd_opendata.delta.site.indicator_figures import FigureRow, figure_row
from ycd_opendata.delta.site.making import Maker
from ycd_opendata.delta.site.witnesses import ID_FIELDS, reported_instead
from ycd_opendata.site.wording import Words


@dataclass(frozen=True)
class Contested:
    """A figure that another source contradicts, and what that one says."""

    figure: FigureRow
    reported: Words
    note: Words


def whose_word(make: Maker, indicator_id: str) -> str:
    """How many figures of an indicator rest on sources of which reliability; "" for no figures."""
    rows = make.series(indicator_id)
    counts = Counter(row["source_reliability"] for row in rows)
    field = make.content.tables["sources"].resource.field("reliability")
    if not rows or field is None:
        return ""
    text = make.wording.text
    told = [
        text("know.of_kind", kind=make.wording.category(field, kind).text, count=counts[kind])
        for kind in map(str, field.constraints.get("enum", ()))
        if counts[kind]
    ]
    return text("know.sources") + text("site.comma").join(told) + text("site.stop").strip()


def contested(make: Maker, indicator_id: str) -> Iterator[Contested]:
    """The figures of an indicator that another source contradicts."""
    for row in make.series(indicator_id):
        field = ID_FIELDS[f"{row['kind']}s"]
        for each in make.content.tables["evidence"].grouped(field).get(row["record_id"], ()):
            if each["stance"] == "contradicts":
                said = reported_instead(make.wording, each)
                if not said.text:
                    said = make.wording.source_words(each["phrase"])
                yield Contested(figure_row(make, row), said, make.wording.pair(each, "note"))
