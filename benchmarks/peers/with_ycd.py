"""``ycd validate`` with its fast engine."""

from __future__ import annotations

import sys

from ycd_opendata.cli import main

package, output = sys.argv[1:3]
sys.argv = ["ycd", "validate", package, "--engine", "fast", "--format", "json"]
sys.argv += ["--max-findings", "1000000", "--output", output]
main()
