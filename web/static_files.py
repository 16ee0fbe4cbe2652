"""The files that every page needs: few, small, the same for everybody, so they are read and compressed once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aiohttp import web

from web.precompressed import Precompressed

FOLDER = Path(__file__).parent / "static"
CONTENT_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOR_A_YEAR = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


@dataclass(frozen=True)
class StaticFile:
    """One file. Its version changes with its contents, so that a browser may keep it for ever."""

    contents: Precompressed
    version: str


@cache
def files() -> dict[str, StaticFile]:
    """Every file under static/ that a browser has a use for, by its name."""
    return {str(path.relative_to(FOLDER)): _read(path) for path in FOLDER.rglob("*") if path.suffix in CONTENT_TYPES}


def url(name: str) -> str:
    """The address of a file."""
    return f"/static/{name}?v={files()[name].version}"


async def serve(request: web.Request) -> web.StreamResponse:
    """A view of aiohttp's: no page, and nobody's own."""
    found = files().get(request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound
    # A page that was made by another version of the site may ask for a file that has changed since.
    return found.contents.answer(request, _FOR_A_YEAR if request.query.get("v") == found.version else {})


def _read(path: Path) -> StaticFile:
    body = path.read_bytes()
    return StaticFile(Precompressed.of(body, CONTENT_TYPES[path.suffix]), hashlib.sha256(body).hexdigest()[:12])
