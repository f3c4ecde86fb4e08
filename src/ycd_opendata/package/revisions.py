"""What git knows of a package: its revisions, and the files that differ from one of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ycd_opendata.errors import PackageError
from ycd_opendata.messages import say


class GitError(Exception):
    """git did not do what it was asked; the text is its own reason."""


@dataclass(frozen=True)
class Changes:
    """How the files of a repository differ from those of a revision of it.

    ``commit`` is what git calls the revision, ``top`` the folder of the repository, links
    resolved. From there with ``/``: ``known`` are the files that the revision has, ``changed``
    those of them that are gone or say something else now, committed or not, and ``new`` the files
    that it does not have, but for those that git ignores.
    """

    revision: str
    commit: str
    top: Path
    known: frozenset[str]
    changed: frozenset[str]
    new: frozenset[str]

    def touches(self, path: Path) -> bool:
        """Whether what a path leads to may differ: a file, a folder, or a link to one.

        A file that the revision does not have counts, ignored by git or not; a path where nothing
        is and was does not.
        """
        links = [each for each in (path, *path.parents) if each.is_symlink()]
        # Links above the repository are not its business: its top is known without them.
        inside = (each.parent.resolve() / each.name for each in links)
        return self._differs(path.resolve()) or any(
            self._differs(each) for each in inside if each.is_relative_to(self.top)
        )

    def _differs(self, real: Path) -> bool:
        if not real.is_relative_to(self.top):
            return os.path.lexists(real)
        name = real.relative_to(self.top).as_posix()
        if name in self.known:
            return name in self.changed
        inside = f"{name}/"
        if not any(each.startswith(inside) for each in self.known):
            return os.path.lexists(real)
        return any(each.startswith(inside) for each in (*self.changed, *self.new))

    def file(self, path: Path) -> bytes | None:
        """The bytes of a file as the revision has them, None where it has no such file."""
        name = path.resolve()
        shown = name.relative_to(self.top).as_posix() if name.is_relative_to(self.top) else ""
        if shown not in self.known:
            return None
        return _run("-C", str(self.top), "cat-file", "blob", f"{self.commit}:{shown}")


def changes_since(revision: str, folder: Path) -> Changes:
    """How the repository that a folder stands in differs from one of its revisions.

    Raises PackageError where there is no git, repository or revision.
    """
    commit = commit_of(revision, folder)
    top = git("-C", str(folder), "rev-parse", "--show-toplevel")
    at = ("-C", top)
    try:
        known = _names(git(*at, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit))
        diff = ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", commit, "--")
        differing = _names(git(*at, *diff))
        untracked = _names(git(*at, "ls-files", "-z", "--others", "--exclude-standard"))
    except GitError as error:
        raise PackageError(
            say(
                "git cannot say what changed since {revision!r}: {error}",
                revision=revision,
                error=error,
            ),
            say("see whether `git status` works there"),
        ) from error
    place = Path(top).resolve()
    new = (untracked | differing) - known
    return Changes(revision, commit, place, known, differing & known, new)


def commit_of(revision: str, folder: Path) -> str:
    """The commit that a revision means in the repository of a folder.

    Raises PackageError where there is no git, repository or revision.
    """
    if not revision or revision.startswith("-") or "\0" in revision:
        raise PackageError(
            say("{revision!r} is no git revision", revision=revision),
            say("such as v1.0.0, HEAD~1 or main"),
        )
    asked = ("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    try:
        return git("-C", str(folder), *asked)
    except GitError as error:
        raise PackageError(
            say("git has no revision {revision!r} here: {error}", revision=revision, error=error),
            say("run it inside the repository, with the revision fetched (git fetch --tags)"),
        ) from error


def git(*arguments: str) -> str:
    """What a command of git prints, without the last line end.

    Raises GitError where it failed; PackageError where git is not installed.
    """
    # The names of files need not be UTF-8.
    return _run(*arguments).decode("utf-8", "surrogateescape").strip("\n")


def _run(*arguments: str) -> bytes:
    # Loaded late: most packages are folders.
    import subprocess

    command = ["git", "--literal-pathspecs", *arguments]
    try:
        return subprocess.run(command, check=True, capture_output=True).stdout
    except FileNotFoundError as error:
        raise PackageError(
            say("git is not installed"), say("name a folder or a ZIP instead")
        ) from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(said[-1] if said else say("it failed")) from error


def _names(listed: str) -> frozenset[str]:
    return frozenset(each for each in listed.split("\0") if each)
