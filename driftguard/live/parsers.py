"""botocore's response parsers, with the compiled one in the place of those for XML.

Made for the versions of botocore that it is tested with, and for the shapes that
it knows: anything else, and every error, is left to botocore's own parser.
"""

from __future__ import annotations

import re
import threading
from typing import Any

import botocore
from botocore.parsers import EC2QueryParser, QueryParser, ResponseParserFactory

from driftguard.live.compiled import Compiler, Convert, UnsupportedError

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

    def refuse(self, shape: Any) -> None:  # noqa: ANN401  # as above
        """Leave a shape to botocore from now on."""
        self._refused.add((id(shape._shape_resolver), shape.name))  # noqa: SLF001  # as above


class _CompiledBody:
    """A mixin: the body by compiled functions, all the rest as botocore does it."""

    compiled: Compiled

    def _parse_body_as_xml(self, response: Any, shape: Any, inject_metadata: bool = True) -> Any:  # noqa: ANN401, FBT001, FBT002  # botocore's signature
        own: Any = super()
        parser: Any = self
        try:
            read = self.compiled.of(shape) if inject_metadata else None
            if read is None:
                return own._parse_body_as_xml(response, shape, inject_metadata)
            root = start = parser._parse_xml_string_to_dom(response["body"])
            if "resultWrapper" in shape.serialization:
                start = parser._find_result_wrapped_shape(
                    shape.serialization["resultWrapper"], root
                )
            parsed = read(start)
            parser._inject_response_metadata(root, parsed)
        except UnsupportedError:
            self.compiled.refuse(shape)
        except Exception:  # noqa: BLE001, S110  # botocore's parser says what is wrong with it
            pass
        else:
            return parsed
        return own._parse_body_as_xml(response, shape, inject_metadata)


class _Ec2(_CompiledBody, EC2QueryParser):  # type: ignore[misc]  # botocore has no types
    """EC2's answers."""


class _Query(_CompiledBody, QueryParser):  # type: ignore[misc]  # as above
    """The answers of IAM, RDS, SNS, STS and their like."""


_PARSERS = {"ec2": _Ec2, "query": _Query}


class Parsers(ResponseParserFactory):  # type: ignore[misc]  # as above
    """What a session makes its parsers with."""

    def __init__(self) -> None:
        super().__init__()
        self._compiled = Compiled()

    def create_parser(self, protocol_name: str) -> Any:  # noqa: ANN401  # a botocore class
        """Return the parser for a protocol; botocore's own, where ours is not proven."""
        made = _PARSERS.get(protocol_name)
        if made is None or self._defaults or not is_tested(botocore.__version__):
            return super().create_parser(protocol_name)
        parser = made()
        parser.compiled = self._compiled
        return parser
