"""How likely it is that chance alone brings so little: counts against a baseline that is itself only a sample."""

from __future__ import annotations

import math
from collections.abc import Sequence


def chance_of_at_most(found: float, *, exposure: float, usual: float, usual_exposure: float) -> float:
    """The chance of at most `found` in `exposure`, where `usual` came in `usual_exposure`.

    The predictive distribution of a Poisson count whose rate is known from a sample only: negative binomial, with the
    baseline's count as its size. So a short or thin baseline is believed less. `found` is rounded down, `usual` too.
    """
    size = math.floor(usual)
    if exposure <= 0 or usual_exposure <= 0 or size < 1:
        return 1.0
    success = math.log(usual_exposure / (usual_exposure + exposure))
    failure = math.log(exposure / (usual_exposure + exposure))
    total = 0.0
    for count in range(math.floor(found) + 1):
        ways = math.lgamma(size + count) - math.lgamma(size) - math.lgamma(count + 1)
        total += math.exp(ways + size * success + count * failure)
    return min(1.0, total)


def dispersion(found: Sequence[float], expected: Sequence[float], *, most: float) -> float:
    """How much more the counts vary than Poisson's would: 1 where not at all, `most` at most."""
    pairs = [(count, mean) for count, mean in zip(found, expected, strict=True) if mean > 0]
    if len(pairs) < 2:
        return 1.0
    excess = sum((count - mean) ** 2 / mean for count, mean in pairs) / (len(pairs) - 1)
    return min(most, max(1.0, excess))
