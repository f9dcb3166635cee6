"""Print the page of the bad-input table."""

from __future__ import annotations

import sys

from tests.bad_input.table import page

sys.stdout.write(page())
