"""How many random examples a test tries: few and always the same, or many and new ones.

``make test`` is to give the same result each time, so its examples are drawn from a fixed seed.
``make fuzz`` looks for what they miss; what it finds becomes an ``@example`` of the test.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

FUZZ = bool(os.environ.get("YCD_FUZZ"))
_TIMES = 100

# How long an example takes says how busy the machine is. Fixtures that a test does not change
# may serve all of its examples.
_UNCHECKED = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)


def examples(number: int) -> settings:
    """Settings of a test that tries so many examples, in ``make fuzz`` a hundred times as many."""
    if FUZZ:
        return settings(
            max_examples=number * _TIMES,
            deadline=None,
            suppress_health_check=_UNCHECKED,
            print_blob=True,
        )
    return settings(
        max_examples=number,
        deadline=None,
        suppress_health_check=_UNCHECKED,
        derandomize=True,
        database=None,
    )


def load_default() -> None:
    """Make the number of examples of a test that does not say it 10.

    Hypothesis also tries what stands in the code of the modules that happen to be loaded, so that
    the same seed gives other examples whenever tests run in another order: only in ``make fuzz``.
    """
    settings.register_profile("ours", examples(10))
    settings.load_profile("ours")
    if not FUZZ and hasattr(providers, "_get_local_constants"):
        providers._get_local_constants = lambda: providers._local_constants
