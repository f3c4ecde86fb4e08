"""Profiles of one's own: JSON Schemas that a descriptor names for itself.

One that is a file is looked for beside the descriptor, whatever the working directory, and checked.
One on the web is read only for those who allow it; what was not checked is said by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from ycd_opendata.validation.descriptor_keys import described, objects
from ycd_opendata.validation.findings import Finding
from ycd_opendata.validation.foreign_words import in_words

_SITES = (
    "https://datapackage.org/profiles/",
    "https://specs.frictionlessdata.io/schemas/",
    "http://specs.frictionlessdata.io/schemas/",
    "https://frictionlessdata.io/schemas/",
)
"""Where the standard's own profiles are: what they ask for is checked anyway."""

_KINDS = {"package": "package-error", "resource": "resource-error", "schema": "schema-error"}
_OF_OTHERS = ("fiscal-data-package",)


def profile_findings(descriptor: Descriptor, *, allow_remote: bool) -> Iterator[Finding]:
    """What a descriptor's own profiles find, and which of them were not checked."""
    read: dict[str, Document] = {}
    for kind, value, place in objects(descriptor.raw):
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
    except (jsonschema.SchemaError, Unresolvable, RefusedError, RecursionError) as error:
        reason = getattr(error, "message", "") or str(error).partition("\n")[0]
        yield _unchecked(descriptor, (*place, key), profile.name, value, reason)
        return
    except Exception as error:  # a pattern that is none, a reference in a circle
        reason = f"{type(error).__name__}: {error}"
        yield _unchecked(descriptor, (*place, key), profile.name, value, reason)
        return
    for fault in faults:
        at = (*place, *fault.absolute_path)
        file, line = descriptor.where(at or (key,))
        message = f"{described(at, {})}: {in_words(fault.message)[:300]}"
        yield Finding(
            code=code,
            severity="error",
            path=file,
            line=line,
            field=str(at[-1]) if at else None,
            message=message,
            hint=say(
                "the profile {profile}, which the descriptor names, asks for this",
                profile=quoted(profile.name),
            ),
        )


def _unread(descriptor: Descriptor, place: Place, code: str, error: DescriptorError) -> Finding:
    file, line = descriptor.where(place)
    return Finding(
        code=code,
        severity="error",
        path=file,
        line=line,
        field=str(place[-1]),
        message=say(
            "the profile at {place} cannot be read: {message}",
            place=shown_place(place),
            message=error.message,
        ),
        hint=error.hint or say("correct the profile"),
    )


def _unchecked(
    descriptor: Descriptor, place: Place, profile: str, value: Any, reason: str = ""
) -> Finding:
    file, line = descriptor.where(place)
    name = say(
        "the profile {profile} of {described}",
        profile=quoted(profile),
        described=described(place[:-1], value),
    )
    if reason:
        code, hint = "profile-not-checked", say("mend it, or leave it out")
    else:
        code, reason = "profile-not-fetched", say("it is on the web")
        hint = say("name a file beside the descriptor; --allow-remote reads what is on the web")
    return Finding(
        code=code,
        severity="warning",
        path=file,
        line=line,
        field=str(place[-1]),
        value=profile,
        message=say("{name} was not checked: {reason}", name=name, reason=reason),
        hint=hint,
    )
