"""What counts in bins say of what was counted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def binned_median(low: Floats, high: Floats, count: NDArray[Any]) -> float:
    """The median of what is binned, as if spread evenly within its bin; the bins ascend, the count is not 0."""
    up_to = np.cumsum(count)
    half = up_to[-1] / 2
    i = int(np.searchsorted(up_to, half))
    before = up_to[i] - count[i]
    return float(low[i] + (high[i] - low[i]) * (half - before) / count[i])
