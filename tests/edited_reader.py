"""Moto with its answers edited: for what AWS says and moto doesn't."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from driftguard.live.reader import Answer, Pages
from tests.moto_reader import MotoReader

Edits = Mapping[str, Mapping[str, object]]


@dataclass(kw_only=True)
class EditedReader(MotoReader):
    """A reader that puts ``edits[operation]`` over its answers, mappings key by key.

    The edit of a bulk call goes over each of its elements.
    """

    edits: Edits = field(default_factory=dict)

    def call(self, service: str, operation: str, *args: Any, **options: Any) -> Answer:
        """Make one call and edit its answer."""
        answer = super().call(service, operation, *args, **options)
        if not isinstance(answer, Mapping):
            return answer
        return _over(answer, self.edits.get(operation, {}))

    def pages(self, service: str, operation: str, *args: Any, **options: Any) -> Pages:
        """Make a bulk call and edit its elements."""
        found = super().pages(service, operation, *args, **options)
        edit = self.edits.get(operation, {})
        return replace(found, items=[_over(one, edit) for one in found.items])


def _over(answer: Mapping[str, object], edit: Mapping[str, object]) -> Mapping[str, object]:
    edited = dict(answer)
    for key, value in edit.items():
        old = answer.get(key)
        merge = isinstance(value, Mapping) and isinstance(old, Mapping)
        edited[key] = _over(old, cast("Edits", value)) if merge else value  # type: ignore[arg-type]
    return edited
