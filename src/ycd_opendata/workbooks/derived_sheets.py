"""The tables that are computed from others, as they stand in a workbook: to look at only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ycd_opendata.errors import YcdError
from ycd_opendata.loader.derived_tables import derived_resources
from ycd_opendata.package.model import Package
from ycd_opendata.publishing.formats.names import unique_names
from ycd_opendata.publishing.formats.workbook import MOST_ROWS
from ycd_opendata.site.wording import Wording
from ycd_opendata.workbooks.table_sheets import (
    HEADER_ROWS,
    LONGEST_NAME,
    Layout,
    SheetColumn,
    sheet_column,
)


@dataclass(frozen=True)
class DerivedSheet:
    """The sheet of a table that is computed."""

    name: str
    title: str
    meaning: str
    columns: tuple[SheetColumn, ...]
    rows: Sequence[Sequence[str]]


def derived_sheets(package: Package, plan: Layout) -> tuple[DerivedSheet, ...]:
    """The tables that an extension computes of a package, as its tables are now.

    There are none where the tables are not valid enough to compute anything of them.
    """
    resources = derived_resources(package)
    if not resources:
        return ()
    # They load pandas, which other packages have no need of.
    from ycd_opendata.loader.frames import frame_as_text
    from ycd_opendata.loader.loading import tables_of

    wording = Wording(plan.lang)
    taken = (each.name for each in plan.sheets)
    names = unique_names(resources, taken, LONGEST_NAME)
    load = tables_of(package)
    found = []
    for name, resource in zip(names, resources.values(), strict=True):
        assert resource.schema is not None
        try:
            rows = frame_as_text(load(resource.name)).to_numpy().tolist()
        except YcdError:
            return ()
        if len(rows) > MOST_ROWS - HEADER_ROWS:
            continue
        found.append(
            DerivedSheet(
                name,
                wording.table(resource).text,
                wording.about(resource).text,
                tuple(sheet_column(each, None, wording) for each in resource.schema.fields),
                rows,
            )
        )
    return tuple(found)
