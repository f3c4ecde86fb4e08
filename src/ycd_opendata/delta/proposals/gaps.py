"""What is missing: searches, addresses of sources, and indicators that look like one another."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import combinations

from ycd_opendata.delta.proposals.likeness import Indicator, indicators_of
from ycd_opendata.delta.scoreboard import scoreboard
from ycd_opendata.extension import Load
from ycd_opendata.loader.frames import plain_rows
from ycd_opendata.messages import say, say_of
from ycd_opendata.suggestion import Edit, Suggestion

_ALIKE = 0.75
"""From which part of the name on two indicators of one unit look alike."""


def searches(load: Load, today: datetime.date) -> Iterator[Suggestion]:
    """The targets that are due, without an outcome, and that nobody has searched for."""
    for row in plain_rows(scoreboard(load, today)):
        if row["verdict"] != "no_outcome" or row["searched_on"] is not None:
            continue
        target = row["target_id"]
        yield Suggestion(
            "search",
            target,
            f"search:{target}",
            say("search for what came of {target}, due {day}", target=target, day=row["due_on"]),
            (say("it was due, and nobody has looked for an outcome"),),
            (),
            Edit("searches", {}, {"target_id": target}),
            ("searched_on", "where_zh", "where_en", "found"),
        )


def addresses(load: Load) -> Iterator[Suggestion]:
    """The sources without an address, those of most figures first."""
    used: dict[str, int] = {}
    for table in ("targets", "outcomes"):
        for source in load(table)["source_id"]:
            used[source] = used.get(source, 0) + 1
    rows = [each for each in plain_rows(load("sources")) if each["url"] is None]
    for row in sorted(rows, key=lambda each: (-used.get(each["source_id"], 0), each["source_id"])):
        source = row["source_id"]
        yield Suggestion(
            "address",
            source,
            f"address:{source}",
            say("find the address of {title}", title=row["title_zh"] or row["title_en"]),
            (
                say_of(
                    used.get(source, 0),
                    "{number} figure stands on it",
                    "{number} figures stand on it",
                ),
            ),
            (),
            Edit("sources", {"source_id": source}),
            ("url",),
        )


def alike(load: Load) -> Iterator[Suggestion]:
    """Pairs of indicators that may be one, the most alike first."""
    known = indicators_of(load("indicators"), load("units"))
    by_unit: dict[tuple[str, str], list[Indicator]] = {}
    for each in known.values():
        by_unit.setdefault((each.base_unit, each.measure), []).append(each)
    pairs = [
        (one.shares_name(other), one, other)
        for several in by_unit.values()
        for one, other in combinations(several, 2)
        if one.pairs and other.pairs and one.shares_name(other) >= _ALIKE
    ]
    for share, one, other in sorted(pairs, key=lambda each: (-each[0], each[1].id, each[2].id)):
        pros = [say("the same unit and kind of measure")]
        pros.append(say("{share:.0%} of the shorter name", share=share))
        cons = []
        if one.family == other.family:
            pros.append(say("the same family of indicators"))
        else:
            cons.append(say("another family of indicators"))
        if one.scope != other.scope:
            cons.append(say("another scope: {one} / {other}", one=one.scope, other=other.scope))
        yield Suggestion(
            "indicator",
            one.id,
            f"indicator:{one.id}:{other.id}",
            say("{one} and {other} may be the same", one=one.id, other=other.id),
            tuple(pros),
            tuple(cons),
        )
