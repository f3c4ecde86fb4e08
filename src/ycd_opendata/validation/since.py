"""Which tables a change concerns: those that changed since a revision, and what hangs on them.

A table is read if its files, its schema, its dialect or what the descriptor says of it changed, or
if it refers to such a table. What those refer to is read too, for the references to be checked.
Where the change concerns every table, all are read: ``ycd.toml``, a key of the descriptor that is
about more than its title and version, or code while an extension has rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ycd_opendata.errors import DescriptorError
from ycd_opendata.extension_loading import extension_of
from ycd_opendata.messages import mark, say
from ycd_opendata.package.documents import parse_document
from ycd_opendata.package.files import is_web_address, read_document
from ycd_opendata.package.model import Package
from ycd_opendata.package.places import listed_resources, without
from ycd_opendata.package.reading import Descriptor, parse_package
from ycd_opendata.package.revisions import Changes
from ycd_opendata.package.settings import SETTINGS_NAME
from ycd_opendata.validation.descriptor.unusable import references_to

_SAYS_NOTHING_OF_TABLES = {
    *("contributors", "created", "description", "homepage", "id", "image", "keywords"),
    *("licenses", "resources", "sources", "title", "version"),
}
"""The descriptor's keys by which no table is read differently; its own layer checks them."""


@dataclass(frozen=True)
class Extent:
    """What of a package is read: the descriptor of those tables, and whether they are all.

    ``notes`` and ``skipped`` say why which tables are read, and what is not.
    """

    descriptor: Descriptor
    is_whole: bool = True
    notes: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


def extent_since(descriptor: Descriptor, changes: Changes) -> Extent:
    """What of a package has to be read, given what changed in the repository that it stands in.

    Rules of an extension hold tables together as references do, by what they say they need. A
    change in an extension that stands outside of the repository is not seen.
    """
    package = parse_package(descriptor)
    name = descriptor.path.name
    now = read_document(descriptor.path, name).value
    content = changes.file(descriptor.path)
    try:
        then = parse_document(content, name).value if content is not None else {}
    except DescriptorError:
        then = {}
    why = _why_all(package, changes, then, now)
    if why:
        return Extent(descriptor, notes=(say("every table was read: {why}", why=why),))
    before, after = _entries(then), _entries(now)
    changed = {
        each.name: why
        for each in package.resources
        if (why := _change(package, changes, before.get(each.name), after[each.name]))
    }
    return _narrowed(descriptor, package, changes.revision, changed)


def _why_all(
    package: Package, changes: Changes, then: Mapping[str, Any], now: Mapping[str, Any]
) -> str:
    """Why every table has to be read, "" where that is not so."""
    name, revision = package.descriptor_path.name, changes.revision
    if not then:
        return say("{revision} has no {name} here that can be read", revision=revision, name=name)
    if changes.touches(package.root / SETTINGS_NAME):
        return say("ycd.toml changed since {revision}", revision=revision)
    for key in sorted({*then, *now}):
        if key.partition("@")[0] in _SAYS_NOTHING_OF_TABLES:
            continue
        if then.get(key) != now.get(key):
            template = mark('"{key}" in {name} changed since {revision}')
            return say(template, key=key, name=name, revision=revision)
    code = sorted(each for each in (*changes.changed, *changes.new) if each.endswith(".py"))
    if code and extension_of(package).has_rules:
        template = mark("{code} changed since {revision}, and the extension's rules are code")
        return say(template, code=code[0], revision=revision)
    return ""


def _entries(raw: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What a descriptor says of each table, by its name."""
    return {str(each.get("name")): each for _, each in listed_resources(raw)}


def _change(
    package: Package, changes: Changes, before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> str:
    """What changed of a table; "" if nothing did."""
    if before is None:
        return "new"
    if before != after:
        return say("its description changed")
    resource = package.resource(str(after.get("name")))
    described = [after[key] for key in ("schema", "dialect") if isinstance(after.get(key), str)]
    for text in (*(resource.paths if resource else ()), *described):
        if is_web_address(text) or not (package.root / text).exists():
            return say("{text} is not in the repository", text=text)
        if changes.touches(package.root / text):
            return say("{text} changed", text=text)
    return ""


def _narrowed(
    descriptor: Descriptor, package: Package, revision: str, changed: Mapping[str, str]
) -> Extent:
    links = {each.name: set(_targets(package, each.name)) for each in package.resources}
    read = dict(changed)
    for name, targets in links.items():
        if name not in read and targets & {*changed}:
            shown = ", ".join(sorted(targets & {*changed}))
            read[name] = say("it refers to {targets}", targets=shown)
    for name in list(read):
        for target in links[name] - {*read}:
            read[target] = say("what is read refers to it")
    order = [each.name for each in package.resources]
    unread = [name for name in order if name not in read]
    if not unread:
        each = mark("each changed since {revision}, or refers to one that did, or is referred to")
        why = say("every table was read: {why}", why=say(each, revision=revision))
        return Extent(descriptor, notes=(why,))
    gone = tuple(("resources", index) for index, name in enumerate(order) if name in unread)
    dangling = references_to(descriptor, gone, say("which was not read"))
    raw = without(descriptor.raw, (*gone, *dangling.places))
    known = [name for name in order if name in read]
    notes = tuple(say("{name}: read, as {read}", name=name, read=read[name]) for name in known)
    template = mark("not read, as nothing of them changed since {revision}: {unread}")
    spared = say(template, revision=revision, unread=", ".join(unread))
    narrowed = replace(descriptor, raw=raw)
    return Extent(narrowed, False, notes, (spared, *dangling.skipped))


def _targets(package: Package, table: str) -> Iterator[str]:
    """The other tables that a table's references and its rules look at."""
    resource = package.resource(table)
    known = {each.name for each in package.resources} - {table}
    keys = resource.schema.foreign_keys if resource and resource.schema else ()
    yield from (each.resource for each in keys if each.resource in known)
    for rule in extension_of(package).record_rules:
        if rule.table == table:
            yield from (each for each in rule.needs if each in known)
