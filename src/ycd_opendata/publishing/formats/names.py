"""Names that stay apart where capitals do not count, as in SQLite and in a workbook."""

from __future__ import annotations

from collections.abc import Iterable


def unique_names(names: Iterable[str], taken: Iterable[str] = (), longest: int = 0) -> list[str]:
    """The names, each with a number behind it if it is, but for capitals, one before it.

    Parameters
    ----------
    taken : iterable of str
        Names that may not be used.
    longest : int
        How many characters a name may have; longer ones are cut. 0 is no limit.

    Examples
    --------
    >>> unique_names(["id", "ID", "name"])
    ['id', 'ID_2', 'name']
    """
    used = {each.casefold() for each in taken}
    found = []
    for name in names:
        chosen, number = name[: longest or None], 1
        while chosen.casefold() in used:
            number += 1
            ending = f"_{number}"
            chosen = name[: longest - len(ending) if longest else None] + ending
        used.add(chosen.casefold())
        found.append(chosen)
    return found
