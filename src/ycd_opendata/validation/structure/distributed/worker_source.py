"""The process that Spark has its workers forked from: what they share is loaded here.

Neither polars nor Arrow, which start threads, and those are lost when a process is forked.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Fork workers until Spark closes the input."""
    # Spark puts an archive of its own sources first, which each worker would compile anew.
    sys.path.sort(key=lambda path: path.endswith(".zip"))
    import pyspark.worker  # noqa: F401
    from pyspark.daemon import manager

    import ycd_opendata.validation.structure.distributed.spark  # noqa: F401

    manager()


if __name__ == "__main__":
    main()
