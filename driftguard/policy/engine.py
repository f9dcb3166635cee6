"""Expressions of rules, in CEL; the one file that knows which engine runs them.

https://github.com/google/cel-spec and https://pypi.org/project/cel-expr-python/

The engine bounds itself: an expression's depth (32), its length, and the
iterations of one evaluation (10,000). Extensions are left out on purpose: with
``strings``, a chain of ``replace`` grew until memory ran out.
"""

from __future__ import annotations

import difflib
import functools
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cel_expr_python import cel
from cel_expr_python.ext import ext_optional

from driftguard.policy.functions import FUNCTIONS
from driftguard.policy.functions.table import Function
from driftguard.policy.steps import SPENT, budget

Expression: TypeAlias = cel.Expression
Activation: TypeAlias = cel.Activation

VARIABLES = ("r", "drift", "ctx")
MAX_LENGTH = 20_000
"""Characters of an expression."""
STEPS = 20_000
"""Steps that the functions may take in one evaluation; some milliseconds."""

_KINDS = {
    "bool": cel.Type.BOOL,
    "int": cel.Type.INT,
    "float": cel.Type.DOUBLE,
    "string": cel.Type.STRING,
    "list": cel.Type.List(cel.Type.DYN),
    "map": cel.Type.Map(cel.Type.DYN, cel.Type.DYN),
    "null": cel.Type.NULL,
}
"""What a value is when an expression is evaluated; an overload for ``dyn`` matches none."""
_TYPES: Mapping[str, tuple[str, ...]] = {
    "bool": ("bool",),
    "int": ("int",),
    "string": ("string",),
    "list": ("list", "null"),  # an absent list is null
    "map": ("map", "null"),
    "dyn": tuple(_KINDS),
}
_RETURNS = {**_KINDS, "dyn": cel.Type.DYN}


class ExpressionError(Exception):
    """An expression that can't be compiled: what is wrong, where in it, and what was meant."""

    def __init__(
        self, message: str, *, line: int = 1, column: int = 1, suggestion: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.suggestion = suggestion


class EvaluationError(Exception):
    """An expression that gave neither true nor false, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A variable with what is read of it: ``("r", "ingress")``, and where in the expression."""

    chain: tuple[str, ...]
    line: int
    column: int


def compile_expression(source: str) -> Expression:
    """Compile an expression to true or false. Raises ExpressionError."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"it is longer than {MAX_LENGTH:,} characters.")
    try:
        compiled = _environment().compile(source)
    except RuntimeError as error:
        raise _explained(str(error)) from None
    kind = compiled.return_type().name().lower()
    if kind not in ("bool", "dyn"):
        raise ExpressionError(f"it gives {kind}, not true or false.")
    return compiled


def activation(
    *, r: Mapping[str, object], drift: Mapping[str, object], ctx: Mapping[str, object]
) -> Activation:
    """Return the variables in the engine's own form, to evaluate expressions on."""
    return _environment().Activation(data={"r": r, "drift": drift, "ctx": ctx})


def evaluate(expression: Expression, variables: Activation) -> bool:
    """Evaluate. Raises EvaluationError for an error, another value, or a spent budget."""
    value = _value(expression, variables)
    kind = value.type()
    if kind != cel.Type.BOOL:
        raise EvaluationError(f"it gives {kind.name().lower()}, not true or false")
    return bool(value.value())


def value_of(source: str, variables: Activation) -> object:
    """Return whatever a part of an expression gives, to be shown to whoever tries it.

    Raises ExpressionError, or EvaluationError as ``evaluate`` does.
    """
    try:
        compiled = _environment().compile(source[:MAX_LENGTH])
    except RuntimeError as error:
        raise _explained(str(error)) from None
    value = _value(compiled, variables)
    try:
        return value.plain_value()
    except TypeError:  # an optional value, a type
        raise EvaluationError(f"it gives {value.type().name().lower()}") from None


def _value(expression: Expression, variables: Activation) -> cel.Value:
    try:
        with budget(STEPS) as spent:
            value = expression.eval(activation=variables)
    except RuntimeError as error:
        raise EvaluationError(_reason(str(error))) from None
    except MemoryError:
        raise EvaluationError("it needs too much memory") from None
    if spent.left < 0:  # whatever came of it: an error in a part may have been passed over
        raise EvaluationError(SPENT)
    if value.type() == cel.Type.ERROR:
        raise EvaluationError(_reason(str(value.value())))
    return value


@functools.cache
def _environment() -> cel.Env:
    return cel.NewEnv(
        variables=dict.fromkeys(VARIABLES, cel.Type.DYN),
        functions=list(_declarations()),
        extensions=[ext_optional.ExtOptional()],
    )


def _declarations() -> Iterator[cel.FunctionDecl]:
    names = dict.fromkeys(function.name for function in FUNCTIONS)
    for name in names:
        same = [function for function in FUNCTIONS if function.name == name]
        yield cel.FunctionDecl(name, [one for function in same for one in _overloads(function)])


def _overloads(function: Function) -> Iterator[cel.Overload]:
    implementation = function.counted()
    for kinds in itertools.product(*(_TYPES[kind] for _, kind in function.parameters)):
        yield cel.Overload(
            "_".join((function.name, *kinds)),
            return_type=_RETURNS[function.returns],
            parameters=[_KINDS[kind] for kind in kinds],
            impl=implementation,
        )


_PLACE = re.compile(r"<input>:(\d+):(\d+): (.*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_LONGEST = 200


def _explained(text: str) -> ExpressionError:
    """Turn the engine's first complaint into a sentence with its place."""
    found = _PLACE.search(text)
    if found is None:
        return ExpressionError(f"{_reason(text)}.")
    line, column, message = int(found[1]), int(found[2]), found[3][:_LONGEST]
    undeclared = _UNDECLARED.search(message)
    if undeclared is None:
        return ExpressionError(f"{message}.", line=line, column=column)
    word = undeclared[1]
    known = [*VARIABLES, *(function.name for function in FUNCTIONS)]
    near = difflib.get_close_matches(word, known, n=1)
    suggestion = near[0] if near else ""
    return ExpressionError(
        f"nothing is called `{word}`.", line=line, column=column, suggestion=suggestion
    )


_KEY = re.compile(r'Key not found in map : "([^"]*)"')


def _reason(text: str) -> str:
    """Return the engine's words fit for people."""
    key = _KEY.search(text)
    if key is not None:
        return f"`{key[1]}` is not known"
    if "Applying SELECT" in text:
        return "a name is read of something that has none, such as null"
    if "budget exceeded" in text:
        return SPENT
    first = text.splitlines()[0] if text else "it failed"
    return re.sub(r"\s*\[[A-Z_]+\]$|^[A-Z_]+: ", "", first)[:_LONGEST]


_TOKEN = re.compile(
    r"""//[^\n]*"""
    r'''|[rRbB]{0,2}(?:"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\''''
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    r"""|[A-Za-z_][A-Za-z0-9_]*|[0-9][0-9A-Za-z_.]*|\s+|.""",
    re.DOTALL,
)
_WORD = re.compile(r"[A-Za-z_]\w*")


def names(source: str) -> list[Name]:
    """Return every use of a variable with the names read of it, in order.

    ``r.metadata_options.http_tokens`` is one chain; a call on it
    (``r.ingress.exists(…)``) ends the chain before the call's name.
    """
    tokens = [(found[0], found.start()) for found in _TOKEN.finditer(source)]
    tokens = [one for one in tokens if one[0].strip() and not one[0].startswith("//")]
    return [
        _name(source, tokens, index)
        for index, (word, _) in enumerate(tokens)
        if word in VARIABLES and (index == 0 or tokens[index - 1][0] not in (".", "?"))
    ]


def _name(source: str, tokens: list[tuple[str, int]], index: int) -> Name:
    chain = [tokens[index][0]]
    at = index + 1
    words = [word for word, _ in tokens[at : at + 40]] + [""] * 4
    step = 0
    while words[step] == ".":
        skip = 2 if words[step + 1] == "?" else 1
        if not _WORD.fullmatch(words[step + skip]) or words[step + skip + 1] == "(":
            break
        chain.append(words[step + skip])
        step += skip + 1
    start = tokens[index][1]
    line = source.count("\n", 0, start) + 1
    return Name(chain=tuple(chain), line=line, column=start - source.rfind("\n", 0, start))
