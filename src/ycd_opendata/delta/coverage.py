"""What our data are about, how much they cover, and how well they are founded.

The README, the codebook and each release show these figures; none is typed by hand. The grid of
regions, years and families of indicators says of each gap whether anybody has looked into it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ycd_opendata.delta.scoreboard import held_against_outcomes
from ycd_opendata.extension import Documents, GeneratedText, Load, Place, Subject, Variable
from ycd_opendata.loader.frames import plain_rows
from ycd_opendata.package.model import Package
from ycd_opendata.partial_dates import last_day

if TYPE_CHECKING:
    import pandas as pd

_YEAR_OF = {
    "initiatives": "starts_on",
    "targets": "due_on",
    "outcomes": "period_end",
    "dates": "starts_on",
}
COUNTED = (*_YEAR_OF,)
"""The tables whose records are counted by region and year."""

_TRUSTED = ("official", "state_media")
_OF_WHAT_IS_DUE = ("met", "missed", "not_comparable", "no_outcome")
_NO_YEAR = "not stated"
_WIDE_LEVELS = ("delta", "province")


@dataclass(frozen=True)
class Coverage:
    """Counts of records, and shares from 0 to 1.

    Records are counted by table, and in each by region_id and by year: that in which an initiative
    or event starts, a target is due, or an outcome's period ends. ``due`` are the targets whose
    day has passed on that of the release; of these some have a fully comparable outcome, are
    decided, or have an outcome that is related at least, or a recorded search. ``figures`` are
    targets and outcomes; trusted are those with an official or state-media source. ``agreement``
    has, by field, the second readings and those that are equal to the first; ``contradictions``
    are rows of evidence against a record.
    """

    records: Mapping[str, int]
    by_region: Mapping[str, Mapping[str, int]]
    by_year: Mapping[str, Mapping[str, int]]
    due: int
    due_with_outcome: int
    due_decided: int
    due_looked_for: int
    verdicts: Mapping[str, int]
    figures: int
    figures_trusted: int
    figures_with_address: int
    agreement: Mapping[str, tuple[int, int]]
    contradictions: int


def coverage(load: Load, today: datetime.date) -> Coverage:
    """Count what our tables cover on the day of the release."""
    import pandas as pd

    tables = {name: load(name) for name in (*COUNTED, "sources", "evidence")}
    directions = load("indicators")[["indicator_id", "direction"]]
    targets = tables["targets"].merge(directions, on="indicator_id", how="left")
    board = held_against_outcomes(targets, load, today)
    due = board[board["verdict"].isin(_OF_WHAT_IS_DUE)]
    related = due["comparability"].isin(["full", "partial"]) | due["searched_on"].notna()
    addresses = tables["sources"].set_index("source_id")["url"].notna()
    agreement = load("agreement")
    figures = pd.concat([tables["targets"]["source_id"], tables["outcomes"]["source_id"]])
    reliability = tables["sources"].set_index("source_id")["reliability"]
    return Coverage(
        records={name: len(tables[name]) for name in COUNTED},
        by_region={name: _counts(tables[name]["region_id"]) for name in COUNTED},
        by_year={name: _counts(_years(tables[name][_YEAR_OF[name]])) for name in COUNTED},
        due=len(due),
        due_with_outcome=int((due["comparability"] == "full").sum()),
        due_decided=int(due["decided_by"].notna().sum()),
        due_looked_for=int(related.sum()),
        verdicts=_counts(board["verdict"]),
        figures=len(figures),
        figures_trusted=int(figures.map(reliability).isin(_TRUSTED).sum()),
        figures_with_address=int(figures.map(addresses).sum()),
        agreement={
            str(field): (int(readings), int(equal))
            for field, readings, equal in agreement[["field", "readings", "equal"]].to_numpy()
        },
        contradictions=int((tables["evidence"]["stance"] == "contradicts").sum()),
    )


def _years(dates: pd.Series[str]) -> pd.Series[str]:
    return dates.str[:4].fillna(_NO_YEAR)


def _counts(values: pd.Series[str]) -> dict[str, int]:
    counts = values.value_counts().sort_index()
    return {str(value): int(number) for value, number in counts.items()}


def quality_markdown(found: Coverage) -> str:
    """How well the records are founded, as a list in Markdown."""
    lines = [
        f"- Targets that were due by the day of the release: {found.due}; of these "
        f"{found.due_with_outcome} ({_percent(found.due_with_outcome, found.due)}) have a fully "
        f"comparable outcome, and {found.due_decided} are decided, some of them by a bound.",
        f"- Of the due targets, {found.due_looked_for} "
        f"({_percent(found.due_looked_for, found.due)}) have an outcome that is fully or partly "
        "comparable, or a recorded search for one.",
        f"- Targets and outcomes with an official or state-media source: {found.figures_trusted} "
        f"of {found.figures} ({_percent(found.figures_trusted, found.figures)}).",
        f"- Targets and outcomes whose source has an address: {found.figures_with_address} of "
        f"{found.figures} ({_percent(found.figures_with_address, found.figures)}).",
        f"- Open contradictions between sources: {found.contradictions}.",
        "- Verdicts: "
        + ", ".join(f"{number} {name}" for name, number in found.verdicts.items())
        + ".",
        "- Second readings that are equal to the first: "
        + ", ".join(f"{equal} of {all_} {name}" for name, (all_, equal) in found.agreement.items())
        + ".",
    ]
    return "\n".join(lines) + "\n"


def coverage_markdown(found: Coverage, region_names: Mapping[str, str]) -> str:
    """How many records there are by region, under the names to show, and by year, in Markdown."""
    lines = [
        *_table("region", found.by_region, found.records, region_names),
        "",
        *_table("year", found.by_year, found.records, {}),
    ]
    return "\n".join(lines) + "\n"


def _table(
    label: str,
    counts: Mapping[str, Mapping[str, int]],
    totals: Mapping[str, int],
    names: Mapping[str, str],
) -> list[str]:
    keys = sorted({key for each in counts.values() for key in each})
    rows = [(names.get(key, key), [counts[each].get(key, 0) for each in COUNTED]) for key in keys]
    return markdown_table(label, COUNTED, [*rows, ("all", [totals[each] for each in COUNTED])])


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "none"


def _texts(package: Package, load: Load) -> tuple[GeneratedText, ...]:
    """How well the records are founded, how many there are, and what is covered."""
    released_on = datetime.date.fromisoformat(package.created[:10])
    found, regions = coverage(load, released_on), load("regions")
    names = dict(zip(regions["region_id"], regions["name_en"], strict=True))
    return (
        GeneratedText("quality", "How well the records are founded", quality_markdown(found)),
        GeneratedText("coverage", "How many records there are", coverage_markdown(found, names)),
        GeneratedText("grid", "What is covered", grid_markdown(load("coverage"))),
    )


DOCUMENTS = Documents(("README.md", "data/README.md"), _texts)
"""The texts in README and codebook that are generated from our tables."""


def subject(package: Package, load: Load) -> Subject:
    """The languages, places, years and variables of our tables."""
    return Subject(
        languages=("zh", "en"),
        places=tuple(_places(load)),
        period=_period(package, load),
        variables=tuple(_indicators(load)),
    )


def _period(package: Package, load: Load) -> tuple[str, str] | None:
    """The years of everything that was planned, promised, reported or held."""
    years: set[str] = set()
    for name in COUNTED:
        resource = package.resource(name)
        if resource is None or resource.schema is None:
            continue
        frame = load(name)
        for column in resource.schema.fields:
            if column.is_partial_date:
                years |= set(frame[column.name].dropna().str[:4])
    return (min(years), max(years)) if years else None


def _places(load: Load) -> Iterator[Place]:
    regions = load("regions")
    wide = regions[regions["level"].isin(_WIDE_LEVELS)]
    for row in wide.itertuples():
        yield Place(str(row.region_id), {"en": str(row.name_en), "zh": str(row.name_zh)})


def _indicators(load: Load) -> Iterator[Variable]:
    units = load("units")
    names_of = dict(zip(units["unit_id"], units["name_en"], strict=True))
    for row in load("indicators").itertuples():
        names = {"en": str(row.name_en), "zh": str(row.name_zh)}
        yield Variable(names, str(names_of[row.unit_id]))


STATES = ("target_and_outcome", "outcome", "not_yet_due", "searched_in_vain", "not_searched")
"""What can be said of a cell of the grid."""

_KEY = ["region_id", "year", "family"]


def coverage_grid(load: Load, today: datetime.date) -> pd.DataFrame:
    """The cells as rows of ``schemas/coverage.json``: counts of targets and outcomes, and state.

    The year of a target is that in which it is due, the year of an outcome that in which its
    period ends. A cell that has an outcome is found whatever the scope of its figure is: whether
    it can be held against the target is what the assessments say.
    """
    import pandas as pd

    families = load("indicators").set_index("indicator_id")["family"]
    searched = set(load("searches")["target_id"])
    targets, outcomes = load("targets"), load("outcomes")
    targets = targets[targets["due_on"].notna()]
    due = targets["due_on"].map(lambda text: last_day(text) < today).astype(bool)
    rows = pd.concat(
        [
            _cells(targets, "due_on", families).assign(
                targets=1,
                outcomes=0,
                due=due.astype(int),
                searched=(due & targets["target_id"].isin(searched)).astype(int),
            ),
            _cells(outcomes, "period_end", families).assign(
                targets=0, outcomes=1, due=0, searched=0
            ),
        ]
    )
    counts = rows.groupby(_KEY, as_index=False).sum().sort_values(_KEY).reset_index(drop=True)
    states = [_state(row) for row in plain_rows(counts)]
    regions = load("regions").set_index("region_id")
    for lang in ("zh", "en"):
        counts[f"region_name_{lang}"] = counts["region_id"].map(regions[f"name_{lang}"])
    typed = counts.astype({"targets": "Int64", "outcomes": "Int64", "year": "Int64"})
    return typed.assign(state=pd.Series(states, index=counts.index, dtype="string"))


def _cells(frame: pd.DataFrame, day: str, families: pd.Series[str]) -> pd.DataFrame:
    named = frame.assign(
        family=frame["indicator_id"].map(families).astype("string"),
        year=frame[day].str[:4].astype("Int64"),
    )
    return named[_KEY]


def _state(counts: Mapping[str, int]) -> str:
    if counts["outcomes"]:
        return "target_and_outcome" if counts["targets"] else "outcome"
    if not counts["due"]:
        return "not_yet_due"
    return "searched_in_vain" if counts["searched"] == counts["due"] else "not_searched"


def grid_markdown(grid: pd.DataFrame) -> str:
    """How many cells of the grid are in each state, by region and by year, in Markdown."""
    lines: list[str] = []
    for label, column in (("region", "region_name_en"), ("year", "year")):
        counts = grid.groupby([column, "state"]).size().unstack(fill_value=0)
        counts = counts.reindex(columns=list(STATES), fill_value=0)
        rows = zip(counts.index, counts.to_numpy().tolist(), strict=True)
        lines += ["", *markdown_table(label, STATES, rows)]
    return "\n".join(lines[1:]) + "\n"


def markdown_table(
    label: str, columns: Sequence[str], rows: Iterable[tuple[object, Sequence[int]]]
) -> list[str]:
    """The lines of a table of counts, each row with what it is about in front."""
    head = [f"| {label} | {' | '.join(columns)} |", "|---|" + "--:|" * len(columns)]
    return [*head, *(f"| {key} | {' | '.join(map(str, counts))} |" for key, counts in rows)]
