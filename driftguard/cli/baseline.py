"""The file behind ``--baseline``: read whole, within a bound, before anything is asked of AWS."""

from __future__ import annotations

import stat
from pathlib import Path

from driftguard.errors import SettingsError
from driftguard.report.baseline import MAX_BYTES, Baseline, parse_baseline, too_large


def read_baseline(path: str) -> Baseline:
    """Return what an earlier report knew. Raises SettingsError."""
    try:
        if stat.S_ISFIFO(Path(path).stat().st_mode):  # nobody may ever write to it
            message = f"{path} (--baseline) is not a regular file."
            raise SettingsError(message, hint="Save the report to a file.")
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        message = f"There is no file {path} (--baseline)."
        hint = "Make it with `driftguard scan --format json --output FILE`."
        raise SettingsError(message, hint=hint) from None
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or "its name is unusable"
        raise SettingsError(f"{path} (--baseline) can't be read: {said}.") from None
    if len(data) > MAX_BYTES:
        raise too_large(path)
    return parse_baseline(data, place=path)
