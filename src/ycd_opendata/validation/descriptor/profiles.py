"""Profiles of one's own: JSON Schemas that a descriptor names for itself.

One that is a file is looked for beside the descriptor, whatever the working directory, and checked.
One on the web is read only for those who allow it; what was not checked is said by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ycd_opendata.errors import DescriptorError
from ycd_opendata.messages import say
from ycd_opendata.package.documents import Document
from ycd_opendata.package.files import is_web_address
from ycd_opendata.package.places import Place, shown_place
from ycd_opendata.package.reading import PROFILE_KEYS, Descriptor, read_named
from ycd_opendata.package.tables.as_frictionless import PROFILES
from ycd_opendata.package.tables.limits import RefusedError, not_stuck
from ycd_opendata.shown import quoted
from ycd_opendata.validation.descriptor.descriptor_keys import Object, described
from ycd_opendata.validation.findings import Finding, descriptor_finding
from ycd_opendata.validation.library_sentences import translated

_SITES = (
    "https://datapackage.org/profiles/",
    "https://specs.frictionlessdata.io/schemas/",
    "http://specs.frictionlessdata.io/schemas/",
    "https://frictionlessdata.io/schemas/",
)
"""Where the standard's own profiles are: what they ask for is checked anyway."""

_KINDS = {"package": "package-error", "resource": "resource-error", "schema": "schema-error"}
_OF_OTHERS = ("fiscal-data-package",)


def profile_findings(
    descriptor: Descriptor, parts: Iterable[Object], *, allow_remote: bool
) -> Iterator[Finding]:
    """What a descriptor's own profiles find, and which of them were not checked."""
    read: dict[str, Document] = {}
    for kind, value, place in parts:
        if kind not in _KINDS:
            continue
        for key in PROFILE_KEYS:
            name = value.get(key)
            if not isinstance(name, str) or not name:
                continue
            if name in PROFILES or name.startswith(_SITES):
                continue
            if name in _OF_OTHERS or (is_web_address(name) and not allow_remote):
                yield _unchecked(descriptor, (*place, key), name, value)
                continue
            try:
                if name not in read:
                    read[name] = read_named(descriptor.path, name, allow_remote=allow_remote)
                yield from _checked(descriptor, place, (key, _KINDS[kind]), value, read[name])
            except DescriptorError as error:
                # The key says where a program may find a schema; the other asks for the check.
                if key == "$schema":
                    yield _unchecked(descriptor, (*place, key), name, value, error.message)
                else:
                    yield _unread(descriptor, (*place, key), _KINDS[kind], error)


def _checked(
    descriptor: Descriptor,
    place: Place,
    key_and_code: tuple[str, str],
    value: Mapping[str, Any],
    profile: Document,
) -> Iterator[Finding]:
    key, code = key_and_code
    # Loaded late, with what it needs: few packages have a profile of their own.
    import jsonschema
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    try:
        kind: Any = jsonschema.validators.validator_for(profile.value)
        kind.check_schema(profile.value)
        registry: Any = Registry()
        with not_stuck():
            # An empty registry fetches nothing.
            faults = list(kind(profile.value, registry=registry).iter_errors(value))
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"  # a pattern that is none, or a circle
        if isinstance(error, jsonschema.SchemaError | Unresolvable | RefusedError | RecursionError):
            reason = getattr(error, "message", "") or str(error).partition("\n")[0]
        yield _unchecked(descriptor, (*place, key), profile.name, value, reason)
        return
    for fault in faults:
        at = (*place, *fault.absolute_path)
        message = f"{described(at, {})}: {translated(fault.message)[:300]}"
        name = quoted(profile.name)
        hint = say("the profile {name}, which the descriptor names, asks for this", name=name)
        field = str(at[-1]) if at else None
        yield descriptor_finding(descriptor, at or (key,), code, message, hint, field=field)


def _unread(descriptor: Descriptor, place: Place, code: str, error: DescriptorError) -> Finding:
    where, why = shown_place(place), error.message
    message = say("the profile at {place} cannot be read: {message}", place=where, message=why)
    hint = error.hint or say("correct the profile")
    return descriptor_finding(descriptor, place, code, message, hint, field=str(place[-1]))


def _unchecked(
    descriptor: Descriptor, place: Place, profile: str, value: Any, reason: str = ""
) -> Finding:
    holder = described(place[:-1], value)
    name = say("the profile {profile} of {holder}", profile=quoted(profile), holder=holder)
    if reason:
        code, hint = "profile-not-checked", say("mend it, or leave it out")
    else:
        code, reason = "profile-not-fetched", say("it is on the web")
        hint = say("name a file beside the descriptor; --allow-remote reads what is on the web")
    return descriptor_finding(
        descriptor,
        place,
        code,
        say("{name} was not checked: {reason}", name=name, reason=reason),
        hint,
        severity="warning",
        field=str(place[-1]),
        value=profile,
    )
