"""When an exception ends: a date, which counts to its end, or a time. In UTC where it says no zone.

Anything else is no date, and an exception without one has expired: a slip of the
pen must not keep a door open for ever.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)


def end_of(text: str) -> datetime | None:
    """Return the last moment that a date or time allows; None where it is neither."""
    try:
        if _DAY.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        if _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    except ValueError:  # the thirtieth of February
        return None
    return None
