"""The ``ycd`` command: a thin layer over the library, one module a group of commands."""

import atexit
import gc
import warnings


def main() -> None:
    """Run the command line; every expected failure is one line on standard error."""
    _spare_the_collector()
    # Libraries installed as text are compiled when first used, and whoever runs a command cannot
    # mend what Python says of their code.
    warnings.filterwarnings("ignore", category=SyntaxWarning)
    # Loaded late, for the collector to be spared while it is.
    from ycd_opendata.cli.app import run

    run()


def _spare_the_collector() -> None:
    """Look for circles of objects seldom, and not at the end: a command is short.

    Loading libraries makes many objects and no rubbish; searching them takes as long as a small
    validation.
    """
    gc.set_threshold(200_000)
    atexit.register(gc.freeze)
