"""What is sent to very many, again and again, and is therefore compressed once."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

_NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Precompressed:
    """A text that waits to be sent."""

    body: bytes
    compressed: bytes
    content_type: str

    @classmethod
    def of(cls, body: bytes, content_type: str) -> Precompressed:
        return cls(body, gzip.compress(body, mtime=0), content_type)

    def answer(self, request: web.Request, headers: Mapping[str, str] = _NO_HEADERS) -> web.Response:
        """An answer with it, compressed for whoever can read that."""
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        return web.Response(
            body=self.compressed if packed else self.body,
            headers={**headers, "Content-Encoding": "gzip"} if packed else headers,
            content_type=self.content_type,
            charset="utf-8",
        )
