"""Expressions of rules, in CEL; the one file that knows which engine runs them.

https://github.com/google/cel-spec and https://pypi.org/project/cel-expr-python/

The engine bounds an expression's depth (32) and the iterations of one
evaluation (10,000), not its time, which nothing can cut short: so ``work``
reckons before, and what may take too long is not begun. Extensions are left
out on purpose: with ``strings``, a chain of ``replace`` grew until memory ran out.
"""

from __future__ import annotations

import difflib
import functools
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from cel_expr_python import cel
from cel_expr_python.ext import ext_optional

from driftguard.policy.functions import FUNCTIONS
from driftguard.policy.functions.table import Function
from driftguard.policy.reading import PARAMETERS as PARAMETERS_CHAIN
from driftguard.policy.reading import VARIABLES, Chain, Use, fingerprint, reads, uses
from driftguard.policy.sizes import Sizes, UnfitError, measure
from driftguard.policy.steps import SPENT, budget
from driftguard.policy.syntax import Part, SyntaxNotUnderstood, take_apart
from driftguard.policy.work import PARAMETERS, Known, known, work

Key: TypeAlias = tuple[bytes, ...]
Answers: TypeAlias = dict[Key, bool | str]
"""What came of it for what it read: a truth, or the reason of an error."""

NO_PARAMETERS: Mapping[str, object] = MappingProxyType({})
"""The one empty set of them, so that its answers are known again."""
MAX_LENGTH = 20_000
"""Characters of an expression."""
STEPS = 20_000
"""Steps that the functions may take in one evaluation; some milliseconds."""
WORK = 700_000
"""Steps that an evaluation may be of at most, each some 50 ns at worst: 35 ms."""
REMEMBERED = 1024
"""Answers of an expression that are remembered, each for other values of what it reads."""
LOOKED_INTO = 20_000
"""The weight of variables that are worth a second, closer reckoning."""

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


class Expression:
    """A compiled expression."""

    __slots__ = ("_answers", "_cheap", "_program", "_tree", "reads", "source")

    def __init__(self, program: cel.Expression, source: str) -> None:
        self.source = source
        self._program = program
        self._tree = _tree(source)
        self.reads = reads(uses(self._tree))
        """All that it reads of the variables; None where that can't be told apart."""
        self._answers: tuple[Mapping[str, object], Answers] = (NO_PARAMETERS, {})
        """Parameters, and what came of it with them."""
        self._cheap: tuple[Mapping[str, object], Sizes] | None = None
        """Parameters, and the sizes up to which it is no more work than is allowed."""

    def allow(self, variables: Activation) -> None:
        """Raise EvaluationError where evaluation might take too long."""
        try:
            spent = self._may_be_too_much(variables)
        except UnfitError as error:
            raise EvaluationError(str(error)) from None
        if spent:
            raise EvaluationError(SPENT)

    def _may_be_too_much(self, variables: Activation) -> bool:
        sizes, parameters = variables.values.sizes, variables.parameters
        cheap = self._cheap  # once: another thread may replace it
        if cheap is not None and cheap[0] is parameters and sizes.within(cheap[1]):
            return False
        written = {PARAMETERS: known(dict(parameters), ours=True)}
        bounds = sizes.rounded()
        roughly = {name: Known(sizes=bounds) for name in VARIABLES} | written
        if work(self._tree, roughly) <= WORK:
            self._cheap = (parameters, bounds)
            return False
        if sizes.weight > LOOKED_INTO:
            return True
        return work(self._tree, variables.values.known() | written) > WORK

    def answers(self, parameters: Mapping[str, object]) -> Answers:
        """Return what is remembered of earlier evaluations with the same parameters."""
        answers = self._answers  # once: another thread may replace it
        if answers[0] is not parameters:
            self._answers = answers = (parameters, {})
        if len(answers[1]) >= REMEMBERED:
            answers[1].clear()
        return answers[1]

    def run(self, variables: Activation) -> cel.Value:
        """Run it whatever it takes; ``evaluate`` is for everybody else."""
        return self._program.eval(activation=variables.native)


class _Values:
    """The values of variables, measured and fingerprinted once for all rules."""

    def __init__(self, data: Mapping[str, Mapping[str, object]]) -> None:
        self.data = data
        self._prints: dict[Chain, bytes] = {PARAMETERS_CHAIN: b"p"}  # one set of them to a memory

    def key(self, chains: tuple[Chain, ...]) -> Key | None:
        """Return what stands for the values under some names; None where nothing can."""
        prints = self._prints
        try:
            return tuple([prints.get(chain) or self._print(chain) for chain in chains])
        except ValueError:  # nested too deep, or of no plain kind
            return None

    def _print(self, chain: Chain) -> bytes:
        self._prints[chain] = made = fingerprint(self.data[chain[0]], chain[1])
        return made

    @functools.cached_property
    def sizes(self) -> Sizes:
        """Return bounds of each of them. Raises UnfitError."""
        measured = (measure(dict(value)) for value in self.data.values())
        return functools.reduce(Sizes.either, measured)

    def known(self) -> dict[str, Known]:
        """Return all there is to know of them. Raises UnfitError."""
        return {name: known(dict(value)) for name, value in self.data.items()}


class Activation:
    """The variables of expressions, and a rule's own parameters."""

    __slots__ = ("_native", "parameters", "values")

    def __init__(self, values: _Values, parameters: Mapping[str, object]) -> None:
        self.values = values
        self.parameters = parameters
        self._native: cel.Activation | None = None

    @property
    def native(self) -> cel.Activation:
        """Return them in the engine's own form."""
        if self._native is None:
            data = {name: dict(value) for name, value in self.values.data.items()}
            if self.parameters:
                data["ctx"]["parameters"] = dict(self.parameters)
            self._native = _environment().Activation(data=data)
        return self._native

    def with_parameters(self, parameters: Mapping[str, object]) -> Activation:
        """Return the same variables with a rule's own parameters; measured no second time."""
        return Activation(self.values, parameters) if parameters else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A variable with what is read of it: ``("r", "ingress")``, and where in the expression."""

    chain: tuple[str, ...]
    line: int
    column: int


def compile_expression(source: str) -> Expression:
    """Compile an expression to true or false. Raises ExpressionError."""
    program = _program(source)
    kind = program.return_type().name().lower()
    if kind not in ("bool", "dyn"):
        raise ExpressionError(f"it gives {kind}, not true or false.")
    return Expression(program, source)


def _program(source: str) -> cel.Expression:
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"it is longer than {MAX_LENGTH:,} characters.")
    try:
        return _environment().compile(source)
    except RuntimeError as error:
        raise _explained(str(error)) from None
    except (TypeError, UnicodeError):  # half of a surrogate pair
        raise ExpressionError("it holds what is no text.") from None


def activation(
    *, r: Mapping[str, object], drift: Mapping[str, object], ctx: Mapping[str, object]
) -> Activation:
    """Return the variables of expressions, to evaluate many rules on."""
    found = ctx.get("parameters")
    parameters = found if found and isinstance(found, Mapping) else NO_PARAMETERS
    return Activation(_Values({"r": r, "drift": drift, "ctx": ctx}), parameters)


def evaluate(expression: Expression, variables: Activation) -> bool:
    """Evaluate. Raises EvaluationError for an error, another value, or too much work."""
    key = None if expression.reads is None else variables.values.key(expression.reads)
    answers = expression.answers(variables.parameters)
    answer = None if key is None else answers.get(key)
    if answer is None:
        answer = _answer(_value(expression, variables), expression.source)
        if key is not None:
            answers[key] = answer
    if isinstance(answer, str):
        raise EvaluationError(answer)
    return answer


def _answer(value: cel.Value, source: str) -> bool | str:
    """Return a truth, or the reason why it is none."""
    kind = value.type()
    if kind == cel.Type.BOOL:
        return bool(value.value())
    if kind == cel.Type.ERROR:
        return _reason(str(value.value()), source)
    return f"it gives {kind.name().lower()}, not true or false"


def value_of(source: str, variables: Activation) -> object:
    """Return whatever a part of an expression gives, to be shown to whoever tries it.

    Raises ExpressionError, or EvaluationError as ``evaluate`` does.
    """
    value = _value(Expression(_program(source), source), variables)
    if value.type() == cel.Type.ERROR:
        raise EvaluationError(_reason(str(value.value()), source))
    try:
        return value.plain_value()
    except TypeError:  # an optional value, a type
        raise EvaluationError(f"it gives {value.type().name().lower()}") from None


def _value(expression: Expression, variables: Activation) -> cel.Value:
    expression.allow(variables)
    try:
        with budget(STEPS) as spent:
            value = expression.run(variables)
    except MemoryError:
        raise EvaluationError("it needs too much memory") from None
    except Exception as error:  # noqa: BLE001  # whatever the engine raises, the rule errs
        raise EvaluationError(_reason(str(error), expression.source)) from None
    if spent.left < 0:  # whatever came of it: an error in a part may have been passed over
        raise EvaluationError(SPENT)
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
_MISTYPED = re.compile(r"found no matching overload for '([^']*)'")
_LONGEST = 200


def _explained(text: str) -> ExpressionError:
    """Turn the engine's complaints into a sentence with its place: the one that helps most."""
    errors = [_complaint(*found) for found in _PLACE.findall(text)]
    if not errors:
        return ExpressionError(f"{_reason(text, '')}.")
    return next((one for one in errors if one.suggestion), errors[0])


def _complaint(line: str, column: str, message: str) -> ExpressionError:
    if int(line) < 1:  # of the expression as a whole
        return ExpressionError(f"{_reason(message, '')}.")
    undeclared, mistyped = _UNDECLARED.search(message), _MISTYPED.search(message)
    found = undeclared or mistyped
    word = found[1].partition(".")[0] if found else ""
    same = [function for function in FUNCTIONS if function.name == word]
    suggestion = ""
    if same:
        takes = " or ".join(f"`{function.name}({_parameters(function)})`" for function in same)
        message = f"it is called as {takes}."
    elif undeclared:
        message = f"nothing is called `{word[:_LONGEST]}`."
        suggestion = next(iter(difflib.get_close_matches(word, _KNOWN, n=1)), "")
    else:
        message = f"{message[:_LONGEST]}."
    return ExpressionError(message, line=int(line), column=int(column), suggestion=suggestion)


def _parameters(function: Function) -> str:
    return ", ".join(f"{name}: {kind}" for name, kind in function.parameters)


_BUILT_IN = (
    *("all", "exists", "exists_one", "filter", "map", "has", "size", "matches", "contains"),
    *("startsWith", "endsWith", "orValue", "hasValue", "optMap", "string", "int", "double"),
)
_KNOWN = (*VARIABLES, *_BUILT_IN, *dict.fromkeys(function.name for function in FUNCTIONS))
_KEY = re.compile(r'Key not found in map : "([^"]*)"')
_QUOTED = re.compile(r"\"[^\"]*\"?|'[^']*'?")


def _reason(text: str, source: str) -> str:
    """Return the engine's words fit for people, with nothing of a resource's values."""
    key = _KEY.search(text)
    if key is not None:
        return f"`{key[1]}` is not known" if key[1] in source else "what it looks up is not known"
    if "budget exceeded" in text:
        return SPENT
    if "Applying SELECT" in text:
        return "a name is read of something that has none, such as null"
    first = text.splitlines()[0] if text else "it failed"
    words = re.sub(r"\s*\[[A-Z_]+\]$|^[A-Z_]+: ", "", first)
    return _QUOTED.sub("…", words)[:_LONGEST]


def names(source: str) -> list[Name]:
    """Return every use of a variable with the names read of it, in order.

    ``r.metadata_options.http_tokens`` is one chain; a call on it
    (``r.ingress.exists(…)``) ends the chain before the call's name. Raises
    ExpressionError.
    """
    return [_name(source, one) for one in uses(_tree(source))]


def _name(source: str, use: Use) -> Name:
    line, column = _place(source, use.start)
    return Name(chain=use.chain, line=line, column=column)


def _place(source: str, offset: int) -> tuple[int, int]:
    """Return the line and the column, both from 1, of a character."""
    return source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset)


@functools.lru_cache(maxsize=512)
def _tree(source: str) -> Part:
    try:
        return take_apart(source)
    except SyntaxNotUnderstood as error:  # the engine is more generous than we
        line, column = _place(source, error.offset)
        raise ExpressionError(error.message, line=line, column=column) from None
