"""The body of an answer within its bounds, in the size it has after decompression too."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from driftguard.declared.envelope import too_large
from driftguard.errors import DeclaredError

_GZIP = 16 + zlib.MAX_WBITS
_PIECE = 1024 * 1024


def whole(pieces: Iterable[bytes], encoding: str, *, place: str, max_bytes: int) -> bytes:
    """Join the pieces of a body. Raises DeclaredError for one that is too large or broken.

    ``encoding`` is the answer's ``Content-Encoding``; what is compressed is
    decompressed piece by piece, so that a small bomb never becomes a big one.
    """
    data = bytearray()
    for piece in _decoded(pieces, encoding.strip().lower(), place):
        data += piece
        if len(data) > max_bytes:
            raise too_large(place, max_bytes)
    return bytes(data)


def _decoded(pieces: Iterable[bytes], encoding: str, place: str) -> Iterable[bytes]:
    if encoding in ("", "identity"):
        return pieces
    if encoding in ("gzip", "x-gzip"):
        return _gunzipped(pieces, place)
    raise DeclaredError(
        f"{place} can't be read: the server compressed it in a way that was not asked for.",
        hint="Have it send the state as it is, or with gzip.",
    )


def _gunzipped(pieces: Iterable[bytes], place: str) -> Iterator[bytes]:
    unzip = zlib.decompressobj(_GZIP)
    try:
        for piece in pieces:
            rest = piece
            while rest:
                if unzip.eof:  # a gzip file may have several members
                    unzip = zlib.decompressobj(_GZIP)
                yield unzip.decompress(rest, _PIECE)
                rest = unzip.unused_data if unzip.eof else unzip.unconsumed_tail
    except zlib.error:
        raise _broken(place) from None
    if not unzip.eof:
        raise _broken(place)


def _broken(place: str) -> DeclaredError:
    return DeclaredError(
        f"{place} can't be read: its gzip data is broken or cut off.",
        hint="Fetch it again; if it stays so, upload the state anew.",
    )
