"""botocore's response parsers, with the compiled one in the place of those for XML.

Made for the versions of botocore that it is tested with, and for the shapes that
it knows: anything else, and every error, is left to botocore's own parser.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

import botocore
from botocore.parsers import (
    EC2QueryParser,
    QueryParser,
    ResponseParserError,
    ResponseParserFactory,
)

from driftguard.live.compiled import Compiler, Convert, OddAnswerError, UnsupportedError
from driftguard.live.pieces import Cut, cut, stands
from driftguard.live.warm import Warm

TESTED = ((1, 40), (1, 45))
"""The first version of botocore whose answers are parsed here, and the first that is not."""


def is_tested(version: str) -> bool:
    """Tell whether a version of botocore is one that the compiled parser is tested with."""
    found = re.match(r"(\d+)\.(\d+)\.", version)
    return found is not None and TESTED[0] <= (int(found[1]), int(found[2])) < TESTED[1]


class Compiled:
    """The functions for output shapes, made when an answer of that shape first comes.

    Thread-safe. A shape that is not supported is remembered as such.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._compilers: dict[int, tuple[Any, Compiler]] = {}
        self._refused: set[tuple[int, str]] = set()

    def of(self, shape: Any) -> Convert | None:  # noqa: ANN401  # a botocore class
        """Return the function for an output shape; None where botocore has to parse it."""
        if shape is None or shape.type_name != "structure":
            return None
        resolver = shape._shape_resolver  # noqa: SLF001  # one for each service model
        if (id(resolver), shape.name) in self._refused:
            return None
        with self._lock:
            # The resolver is kept beside, so that no other can get its id.
            _, compiler = self._compilers.setdefault(id(resolver), (resolver, Compiler()))
        return compiler.structure(shape)

    def elements(self, shape: Any) -> Convert:  # noqa: ANN401  # as above
        """Return the function for a list of an output shape. Raises UnsupportedError."""
        _, compiler = self._compilers[id(shape._shape_resolver)]  # noqa: SLF001  # as in of()
        return compiler.elements(shape)

    def refuse(self, shape: Any) -> None:  # noqa: ANN401  # as above
        """Leave a shape to botocore from now on."""
        self._refused.add((id(shape._shape_resolver), shape.name))  # noqa: SLF001  # as above


class _CompiledBody:
    """A mixin: the body by compiled functions, all the rest as botocore does it."""

    compiled: Compiled
    warm: Warm | None

    def _parse_body_as_xml(self, response: Any, shape: Any, inject_metadata: bool = True) -> Any:  # noqa: ANN401, FBT001, FBT002  # botocore's signature
        parsed = self._compiled(response["body"], shape) if inject_metadata else None
        if parsed is not None:
            return parsed
        own: Any = super()
        return own._parse_body_as_xml(response, shape, inject_metadata)  # noqa: SLF001  # the seam

    def _compiled(self, body: bytes, shape: Any) -> Any:  # noqa: ANN401  # as above
        """Return the answer; None where botocore's parser is to read it, or say what is wrong."""
        try:
            read = self.compiled.of(shape)
            if read is None:
                return None
            return self._from_pieces(body, shape, read) or self._whole(body, shape, read)[0]
        except UnsupportedError:
            self.compiled.refuse(shape)
        except Exception:  # noqa: BLE001, S110  # botocore's parser says what is wrong with it
            pass
        return None

    def _whole(self, body: bytes, shape: Any, read: Convert) -> tuple[Any, Element]:  # noqa: ANN401  # as above
        """Return the answer, with the element that it was read from."""
        own: Any = self
        root = start = own._parse_xml_string_to_dom(body)  # noqa: SLF001  # botocore's
        if "resultWrapper" in shape.serialization:
            wrapper = shape.serialization["resultWrapper"]
            start = own._find_result_wrapped_shape(wrapper, root)  # noqa: SLF001  # botocore's
        parsed = read(start)
        own._inject_response_metadata(root, parsed)  # noqa: SLF001  # botocore's
        return parsed, start

    def _from_pieces(self, body: bytes, shape: Any, read: Convert) -> Any:  # noqa: ANN401  # as above
        """Return the answer with the elements that an earlier look parsed; None where it can't."""
        warm = self.warm
        found = cut(shape, body) if warm is not None else None
        if warm is None or found is None:
            return None
        try:
            parsed, start = self._whole(found.rest, shape, read)
            if not stands(found, start):
                return None
            elements = self.compiled.elements(shape.members[found.member])
            parsed[found.member] = list(_elements(warm, found, shape, elements))
        except (ParseError, ResponseParserError, OddAnswerError):
            return None
        return parsed


def _elements(warm: Warm, found: Cut, shape: Any, read: Convert) -> Iterator[Any]:  # noqa: ANN401  # as above
    for piece in found.pieces:
        digest = warm.digest(shape, piece)
        known = warm.elements(digest)
        if known is None:
            parser = XMLParser(encoding="utf-8")  # noqa: S314  # inside an element nothing can be defined
            parser.feed(b"<%s>%s</%s>" % (_LIST, piece, _LIST))
            known = read(parser.close())
            warm.keep(digest, known)
        yield from known


_LIST = b"list"


class _Ec2(_CompiledBody, EC2QueryParser):
    """EC2's answers."""


class _Query(_CompiledBody, QueryParser):
    """The answers of IAM, RDS, SNS, STS and their like."""


_PARSERS: dict[str, Callable[[], _Ec2 | _Query]] = {"ec2": _Ec2, "query": _Query}


class Parsers(ResponseParserFactory):
    """What a session makes its parsers with; ``warm`` is what it remembers of earlier answers."""

    def __init__(self, warm: Warm | None = None) -> None:
        super().__init__()
        self._compiled = Compiled()
        self._warm = warm
        self._is_ours = True

    def set_parser_defaults(self, **kwargs: Any) -> None:  # noqa: ANN401  # as above
        """Leave all parsing to botocore: somebody wants other values than its own."""
        self._is_ours = False
        super().set_parser_defaults(**kwargs)

    def create_parser(self, protocol_name: str) -> Any:  # noqa: ANN401  # a botocore class
        """Return the parser for a protocol; botocore's own, where ours is not proven."""
        made = _PARSERS.get(protocol_name)
        if made is None or not self._is_ours or not is_tested(botocore.__version__):
            return super().create_parser(protocol_name)
        parser = made()
        parser.compiled, parser.warm = self._compiled, self._warm
        return parser
