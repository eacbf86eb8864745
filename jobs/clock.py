"""The time: what the wall says, what has really passed, and whether the two still agree.

The wall clock may be set, by hand or by NTP, by days and in both directions; the monotonic one may not, but stands
still while the machine sleeps, which a third one counts. What is planned by the wall clock is planned anew when it was
set.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

JUMP = timedelta(seconds=30)
"""What the wall clock may differ by from what has passed before that is called a jump."""


def _since_boot() -> float:
    # with sleep where the kernel tells (Linux)
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where the time is read, and waited for."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    """Seconds, without those that the machine slept."""
    since_boot: Callable[[], float] = _since_boot
    """Seconds, with them."""
    wait: Callable[[threading.Event, float], bool] = lambda event, seconds: event.wait(seconds)
    """Wait for the event, at most so many seconds; whether it is set."""
    longest_wait: float = 1.0
    """Seconds between two looks at whether the clock was set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """The wall clock went on by more, or less, than the time that had passed."""

    kind: Literal["forward", "back", "slept"]
    """`slept`: the machine did, and the time is right."""
    by: timedelta

    def __str__(self) -> str:
        span = abs(self.by)
        said = str(timedelta(seconds=round(span.total_seconds())))
        return f"the machine slept for {said}" if self.kind == "slept" else f"the clock was set {self.kind} by {said}"


@dataclass(slots=True)
class Watch:
    """Compares the clocks, from one look to the next."""

    clock: Clock
    _wall: datetime | None = None
    _passed: float = 0.0
    _since_boot: float = 0.0

    def look(self) -> Jump | None:
        """How the wall clock has jumped since the last look; None if it has not."""
        wall, passed, since_boot = self.clock.now(), self.clock.monotonic(), self.clock.since_boot()
        before, self._wall = self._wall, wall
        went, self._passed = timedelta(seconds=passed - self._passed), passed
        with_sleep, self._since_boot = timedelta(seconds=since_boot - self._since_boot), since_boot
        if before is None:
            return None
        set_by, slept = wall - before - with_sleep, with_sleep - went
        if abs(set_by) > JUMP:  # also where it slept and the clock was set meanwhile
            return Jump(kind="forward" if set_by > timedelta() else "back", by=set_by)
        return Jump(kind="slept", by=slept) if slept > JUMP else None
