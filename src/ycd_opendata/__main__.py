"""``python -m ycd_opendata`` is ``ycd``."""

from ycd_opendata.cli import main

main()
