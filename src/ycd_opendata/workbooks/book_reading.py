"""Reading the cells of a workbook, XLSX or ODS, whichever program has written it last."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ycd_opendata.errors import PackageError
from ycd_opendata.messages import mark, reason_of, say
from ycd_opendata.package.tables.limits import RefusedError, refuse_bomb
from ycd_opendata.publishing.formats.workbook import MOST_ROWS
from ycd_opendata.repairs.sheet_values import Cell, Merged
from ycd_opendata.workbooks.ods_cells import OdsSheet, ods_sheets
from ycd_opendata.workbooks.xlsx_cells import NoXlsxError, XlsxSheet, xlsx_sheets

MOST_CELLS = 20_000_000
"""More cells than this are nothing that a person has edited."""

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_NONE = mark("{file} is no workbook, neither XLSX nor ODS")
_OLD = mark("{file} is a workbook of the old .xls, or WPS's .et, format")
_PROTECTED = mark("{file} is protected by a password")
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

    Raises PackageError where it cannot be read, is protected by a password, is no workbook, or is
    made to exhaust the machine.
    """
    shown = repr(str(path))
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
            if start == _OLE:
                is_locked = _ENCRYPTED in stream.read()
                raise _refused(shown, _PROTECTED if is_locked else _OLD)
        if not zipfile.is_zipfile(path):
            raise _refused(shown, _NONE)
        refuse_bomb(path)
        with zipfile.ZipFile(path) as archive:
            names = {*archive.namelist()}
            kind = archive.read("mimetype").strip() if "mimetype" in names else b""
            if kind == _ODS:
                return _read_ods(archive, shown)
            return tuple(map(_read, xlsx_sheets(archive)))
    except NoXlsxError as error:
        raise _refused(shown, _NONE) from error
    except RefusedError as error:
        why = say("{file} is refused: {error}", file=shown, error=error)
        raise PackageError(why, say(_SAVE_ANEW)) from error
    except (PackageError, MemoryError):
        raise
    except OSError as error:
        why = say("cannot read {file}: {reason}", file=shown, reason=reason_of(error))
        raise PackageError(why) from error
    except Exception as error:
        # What a library makes of a broken file is any kind of exception.
        said = {"kind": type(error).__name__, "reason": " ".join(str(error).split())[:200]}
        why = say("{file} is broken ({kind}: {reason})", file=shown, **said)
        raise PackageError(why, say(_SAVE_ANEW)) from error


def _refused(shown: str, why: str) -> PackageError:
    hint = mark("save it without one") if why == _PROTECTED else _SAVE_ANEW
    return PackageError(say(why, file=shown), say(hint))


def bounded(rows: Iterable[list[Cell]], sheet: str) -> list[list[Cell]]:
    """The rows of a sheet, unless they are more than a sheet has.

    Raises PackageError where they are.
    """
    found: list[list[Cell]] = []
    cells = 0
    for row in rows:
        while row and row[-1] == "":
            row.pop()
        cells += len(row)
        found.append(row)
        template, most = "", MOST_ROWS
        if len(found) > MOST_ROWS:
            template = mark("sheet {sheet!r} has more than {most:,} rows")
        elif cells > MOST_CELLS:
            template, most = mark("sheet {sheet!r} has more than {most:,} cells"), MOST_CELLS
        if template:
            hint = say("keep only what you edit")
            raise PackageError(say(template, sheet=sheet, most=most), hint)
    while found and not found[-1]:
        found.pop()
    return found


def _read_ods(archive: zipfile.ZipFile, shown: str) -> tuple[ReadSheet, ...]:
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise _refused(shown, _PROTECTED)
    with archive.open("content.xml") as stream:
        return tuple(map(_read, ods_sheets(stream)))


def _read(sheet: OdsSheet | XlsxSheet) -> ReadSheet:
    rows = bounded(sheet.rows(), sheet.name)
    return ReadSheet(sheet.name, rows, sheet.is_hidden, tuple(sheet.merged), sheet.has_notes)
