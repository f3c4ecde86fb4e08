"""The files of a new package, and writing them: all or none, and over nothing that is there."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from ycd_opendata.errors import PackageError
from ycd_opendata.inferring.folder import Found
from ycd_opendata.messages import counted, language, reason_of, say
from ycd_opendata.package.files import DESCRIPTOR_NAME
from ycd_opendata.shown import json_text, markdown

_TEMPLATES = Path(__file__).parent / "templates"
_PLAIN_NAME = re.compile(r"[\w ./()-]+")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9._/-]+")
WORKFLOW = ".github/workflows/data.yml"
HOOKS = ".pre-commit-config.yaml"


class _Filled(Template):
    """A template whose names stand alone: what GitHub and the shell write is left alone."""

    idpattern = "(?:title|tables|requirement|folder|inside)"


@dataclass(frozen=True)
class NewFiles:
    """The files of a new package by their path, the descriptor last.

    ``kept`` are those that are there already, and stay as they are.
    """

    texts: Mapping[Path, str]
    kept: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def new_files(found: Found, version: str) -> NewFiles:
    """The files that make a package of a folder, ``version`` being that of ycd-opendata.

    Raises PackageError where a schema would be written over a file.
    """
    root = found.root
    required = {root / each.schema_path: json_text(each.schema) for each in found.tables}
    # One that says the same is of a run that was killed before it came to the descriptor.
    there = [path for path in required if os.path.lexists(path)]
    other = next((path for path in there if not _holds(path, required[path])), None)
    if other is not None:
        raise PackageError(
            say("{there!r} is there already, and nothing is overwritten", there=str(other)),
            say("move it away"),
        )
    top = _repository(root)
    folder = os.path.relpath(root, top)
    major = version.partition(".")[0]
    values = {
        "title": found.raw["title"],
        "tables": "\n".join(_table_lines(found)),
        "requirement": f"ycd-opendata[publish]>={version},<{int(major) + 1}",
        "folder": Path(folder).as_posix(),
        "inside": "" if folder == "." else f":{Path(folder).as_posix()}",
    }
    optional = {
        root / "ycd.toml": _filled("ycd.toml", {**values, "title": _toml(found.raw["title"])}),
        root / "README.md": _filled("README.md", {**values, "title": markdown(found.raw["title"])}),
    }
    notes: tuple[str, ...] = ()
    if _PLAIN_PATH.fullmatch(values["folder"]):
        optional[top / WORKFLOW] = _filled("workflow.yml", values)
        optional[top / HOOKS] = _filled("pre-commit.yaml", values)
    else:
        notes = (say("no workflow is written for a folder of the name {folder!r}", folder=folder),)
    kept = (*there, *(path for path in optional if os.path.lexists(path)))
    texts = {path: text for path, text in {**required, **optional}.items() if path not in kept}
    texts[root / DESCRIPTOR_NAME] = json_text(found.raw)
    return NewFiles(texts, kept, notes)


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _repository(root: Path) -> Path:
    """The top of the repository that a folder is in, where CI looks; else the folder."""
    here = root.resolve()
    top = next((each for each in (here, *here.parents) if (each / ".git").exists()), here)
    return root if top == here else Path(os.path.relpath(top))


def _table_lines(found: Found) -> Iterable[str]:
    yield f"| {say('table')} | {say('file')} | {say('rows')} |"
    yield "|---|---|--:|"
    for each in found.tables:
        table = each.table
        yield f"| {_code(table.name)} | {_code(table.source.path)} | {table.rows:,} |"


def _code(text: str) -> str:
    """A name as code in Markdown, or plainly where that is not safe."""
    return f"`{text}`" if _PLAIN_NAME.fullmatch(text) else markdown(text)


def _filled(name: str, values: Mapping[str, str]) -> str:
    translated = _TEMPLATES / language() / name
    template = translated if translated.is_file() else _TEMPLATES / name
    return _Filled(template.read_text("utf-8")).safe_substitute(values)


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def write_new(files: NewFiles) -> None:
    """Write all the files, or none of them; the descriptor last: then the folder is a package.

    Raises PackageError where one cannot be written, or came to be there; what was written is gone
    again.
    """
    made: list[Path] = []
    try:
        for path, text in files.texts.items():
            made += [each for each in path.parents if not each.exists()][::-1]
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                made.append(path)
                stream.write(text)
    except BaseException as error:
        for each in reversed(made):
            with contextlib.suppress(OSError):
                each.rmdir() if each.is_dir() else each.unlink()
        if not isinstance(error, OSError):
            raise
        where, reason = str(error.filename or path), reason_of(error)
        raise PackageError(
            say("cannot write {where!r}: {reason}", where=where, reason=reason),
            say("nothing was written; `ycd init --dry-run` shows what would be"),
        ) from error


def summary(found: Found) -> str:
    """How many tables, keys and references were found, in one line."""
    keys = sum(each.table.key is not None for each in found.tables)
    references = sum(len(each.table.references) for each in found.tables)
    counts = (counted(len(found.tables), "table"), counted(keys, "primary key"))
    return say(", ").join((*counts, counted(references, "foreign key")))
