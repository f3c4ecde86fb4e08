"""Reading the cells of a workbook, XLSX or ODS, whichever program has written it last."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ycd_opendata.errors import PackageError
from ycd_opendata.messages import mark, say
from ycd_opendata.package.tables.limits import RefusedError, refuse_bomb
from ycd_opendata.publishing.formats.workbook import MOST_ROWS
from ycd_opendata.repairs.sheet_values import Cell, Merged
from ycd_opendata.workbooks.xlsx_cells import NoXlsxError, xlsx_sheets

MOST_CELLS = 20_000_000
"""More cells than this are nothing that a person has edited."""

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_SAVE_ANEW = mark("open it in a spreadsheet program and save it as .xlsx or .ods")


@dataclass(frozen=True)
class ReadSheet:
    """A sheet as it stands: its rows from the first, without empty cells at their end.

    ``merged`` are the ranges of cells that were made one. ``has_notes`` says that somebody has
    commented on cells.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    is_hidden: bool = False
    merged: tuple[Merged, ...] = ()
    has_notes: bool = False


def read_workbook(path: Path) -> tuple[ReadSheet, ...]:
    """Every sheet of a workbook.

    Raises
    ------
    PackageError
        It cannot be read, is protected by a password, is no workbook, or is made to exhaust the
        machine.
    """
    shown = repr(str(path))
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
            if start == _OLE:
                raise _refused_old(shown, stream.read())
        if not zipfile.is_zipfile(path):
            raise _refused(shown)
        refuse_bomb(path)
        with zipfile.ZipFile(path) as archive:
            names = {*archive.namelist()}
            kind = archive.read("mimetype").strip() if "mimetype" in names else b""
            if kind == _ODS:
                return _read_ods(archive, shown)
            return _read_xlsx(archive)
    except NoXlsxError as error:
        raise _refused(shown) from error
    except RefusedError as error:
        raise PackageError(
            say("{file} is refused: {error}", file=shown, error=error), say(_SAVE_ANEW)
        ) from error
    except (PackageError, MemoryError):
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise PackageError(
            say("cannot read {file}: {reason}", file=shown, reason=reason)
        ) from error
    except Exception as error:
        # What a library makes of a broken file is any kind of exception.
        reason = " ".join(str(error).split())[:200]
        raise PackageError(
            say(
                "{file} is broken ({kind}: {reason})",
                file=shown,
                kind=type(error).__name__,
                reason=reason,
            ),
            say(_SAVE_ANEW),
        ) from error


def _refused(shown: str) -> PackageError:
    what = say("{file} is no workbook, neither XLSX nor ODS", file=shown)
    return PackageError(what, say(_SAVE_ANEW))


def _refused_old(shown: str, content: bytes) -> PackageError:
    if _ENCRYPTED in content:
        return _protected(shown)
    what = say("{file} is a workbook of the old .xls, or WPS's .et, format", file=shown)
    return PackageError(what, say(_SAVE_ANEW))


def _protected(shown: str) -> PackageError:
    what = say("{file} is protected by a password", file=shown)
    return PackageError(what, say("save it without one"))


def bounded(rows: Iterable[list[Cell]], sheet: str) -> list[list[Cell]]:
    """The rows of a sheet, unless they are more than a sheet has.

    Raises
    ------
    PackageError
        They are.
    """
    found: list[list[Cell]] = []
    cells = 0
    for row in rows:
        while row and row[-1] == "":
            row.pop()
        cells += len(row)
        found.append(row)
        if len(found) > MOST_ROWS or cells > MOST_CELLS:
            raise PackageError(
                say("sheet {sheet!r} has more than {most:,} rows", sheet=sheet, most=MOST_ROWS)
                if len(found) > MOST_ROWS
                else say(
                    "sheet {sheet!r} has more than {most:,} cells", sheet=sheet, most=MOST_CELLS
                ),
                say("keep only what you edit"),
            )
    while found and not found[-1]:
        found.pop()
    return found


def _read_ods(archive: zipfile.ZipFile, shown: str) -> tuple[ReadSheet, ...]:
    from ycd_opendata.workbooks.ods_cells import ods_sheets

    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise _protected(shown)
    with archive.open("content.xml") as stream:
        return tuple(
            ReadSheet(
                each.name,
                bounded(each.rows(), each.name),
                each.is_hidden,
                each.merged(),
                each.has_notes,
            )
            for each in ods_sheets(stream)
        )


def _read_xlsx(archive: zipfile.ZipFile) -> tuple[ReadSheet, ...]:
    found = []
    for each in xlsx_sheets(archive):
        rows = bounded(each.rows(), each.name)
        merged = tuple(each.merged)
        found.append(ReadSheet(each.name, rows, each.is_hidden, merged, each.has_notes))
    return tuple(found)
