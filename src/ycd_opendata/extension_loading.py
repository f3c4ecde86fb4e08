"""How the extension of a package is found: by an entry point, or in a file that somebody names.

An installed distribution announces one with an entry point of the group
``ycd_opendata.extensions`` that is named like the package it serves::

    [project.entry-points."ycd_opendata.extensions"]
    bridges = "bridges_rules:EXTENSION"

``ycd validate --extension rules.py`` names a file instead. A file that merely lies in a folder
that is validated is never run.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import ExtensionError
from ycd_opendata.extension import Extension
from ycd_opendata.messages import say
from ycd_opendata.package.model import Package

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "ycd_opendata.extensions"

_NONE = Extension("")
_named: ContextVar[Extension] = ContextVar("the extension that the command line names")


def extension_of(package: Package) -> Extension:
    """The extension that serves a package; one that adds nothing if there is none.

    Raises ExtensionError where there is one, and it cannot be loaded.
    """
    return _named.get(None) or installed_extension(package.name)


@contextmanager
def using(extension: Extension) -> Iterator[None]:
    """Let an extension serve every package that is worked on within."""
    token = _named.set(extension)
    try:
        yield
    finally:
        _named.reset(token)


def installed_extensions() -> list[EntryPoint]:
    """What is announced by entry points, by the packages' names; nothing is loaded."""
    return [each for _, listed in sorted(_entry_points().items()) for each in listed]


@lru_cache
def _entry_points() -> dict[str, list[EntryPoint]]:
    from importlib.metadata import entry_points

    found: dict[str, list[EntryPoint]] = {}
    for each in entry_points(group=GROUP):
        found.setdefault(each.name, []).append(each)
    return found


@lru_cache
def installed_extension(package: str) -> Extension:
    """The extension that is announced for a package's name; errors as in ``extension_of``."""
    announced = {each.value: each for each in _entry_points().get(package, ())}
    if not announced:
        return _NONE
    if len(announced) > 1:
        raise ExtensionError(
            say(
                "two extensions say that they serve {package!r}: {announced}",
                package=package,
                announced=", ".join(sorted(announced)),
            ),
            say("uninstall one of them"),
        )
    [entry] = announced.values()
    what = say("the extension {value!r} of {package!r}", value=entry.value, package=package)
    try:
        found = entry.load()
    except Exception as error:
        raise _not_loaded(what, error) from error
    return _checked(found, what)


def load_extension(reference: str) -> Extension:
    """The extension in a file, ``FILE.py`` or ``FILE.py:NAME`` where it holds several.

    Raises ExtensionError where there is no such file, it cannot be imported, or holds no extension
    or several.
    """
    text, colon, name = reference.rpartition(":")
    if not colon or not text or Path(reference).is_file():
        text, name = reference, ""
    path = Path(text)
    if not path.is_file():
        raise ExtensionError(
            say("there is no file {text!r}", text=text), say("name a Python file, such as rules.py")
        )
    found = vars(_imported(path))
    if name:
        if name not in found:
            names = [key for key, each in found.items() if isinstance(each, Extension)]
            raise ExtensionError(
                say("{text!r} has no {name!r}", text=text, name=name),
                say("known are: {names}", names=", ".join(names) or "none"),
            )
        return _checked(found[name], f"{text}:{name}")
    values = {id(each): key for key, each in found.items() if isinstance(each, Extension)}
    names = [*values.values()]
    if not names:
        raise ExtensionError(
            say("{text!r} holds no extension", text=text),
            say("write `EXTENSION = Extension(package=..., ...)` into it"),
        )
    if len(names) > 1:
        several = say("several extensions: {values}", values=", ".join(names))
        raise ExtensionError(
            say("{text!r} holds {several}", text=text, several=several),
            say("choose one, such as {text}:{next}", text=text, next=names[0]),
        )
    return _checked(found[names[0]], text)


def _imported(path: Path) -> Any:
    """A file as a module of a name that no other has."""
    name = f"ycd_extension_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ExtensionError(
            say("{path!r} is no Python file", path=str(path)), say("name one, such as rules.py")
        )
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[name]
        if isinstance(error, KeyboardInterrupt):
            raise
        raise _not_loaded(repr(str(path)), error) from error
    return module


def _not_loaded(what: str, error: BaseException) -> ExtensionError:
    """What went wrong, with the line of the file that it went wrong on."""
    place, trace = "", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        place = say("{name}, line {line}", name=file.name, line=trace.tb_lineno)
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.lineno:
        place = say("{name}, line {line}", name=Path(error.filename or "").name, line=error.lineno)
    said = f"{type(error).__name__}: {error}".rstrip(": ")
    return ExtensionError(
        say("{what} cannot be loaded: {said} ({place})", what=what, said=said, place=place),
        say("mend it, or do without"),
    )


def _checked(found: object, what: str) -> Extension:
    if not isinstance(found, Extension):
        raise ExtensionError(
            say("{what} is a {name}, expected an Extension", what=what, name=type(found).__name__),
            say("name a value of ycd_opendata.extension.Extension"),
        )
    return found
