"""The shape of a function that rules may call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from driftguard.policy.steps import SpentError, spend

Parameter = tuple[str, str]
"""(name, type): ``bool``, ``int``, ``string``, ``list`` (or null) or ``dyn``."""


class RefusedError(Exception):
    """A function can't answer: its argument has another shape, or is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function of rules: its name, types, meaning and implementation."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: str
    doc: str
    """One or two sentences, in the docs."""
    implementation: Callable[..., object]
    example: str = ""
    looks_at: tuple[str, ...] = ()
    """Of a function that is given ``r`` as a whole: the attributes that it looks at."""

    def counted(self) -> Callable[..., object]:
        """Return the implementation, each call a step, each refusal with the function's name.

        The engine makes an error value of whatever it raises.
        """

        def call(*arguments: object) -> object:
            spend()
            try:
                return self.implementation(*arguments)
            except SpentError:
                raise
            except RefusedError as error:
                raise RefusedError(f"{self.name}: {error}") from None
            except Exception as error:
                message = f"{self.name}: its argument has another shape than it knows"
                raise RefusedError(message) from error

        return call
