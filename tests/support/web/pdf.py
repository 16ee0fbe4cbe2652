"""Reads a PDF of ours as a viewer does: a piece of text shows only where a font is set for it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_TOKEN = re.compile(rb"/(F\d+) [\d.]+ Tf|(?<![\w/])([qQ])(?!\w)|\(((?:[^\\()]|\\.)*)\) Tj", re.DOTALL)
_ESCAPED = {b"\\n": b"\n", b"\\r": b"\r", b"\\t": b"\t", b"\\b": b"\b", b"\\f": b"\f"}


def pages(body: bytes) -> list[str]:
    """The words of each page, a line for each piece of text."""
    objects = {int(number): content for number, content in _OBJECT.findall(body)}
    (first,) = (content for content in objects.values() if b"/Type /Pages" in content)
    found = []
    for number in re.findall(rb"(\d+) 0 R", first):
        page = objects[int(number)]
        resources = objects[_reference(page, b"Resources")]
        fonts = {
            name: _characters(objects[_reference(objects[int(font)], b"ToUnicode")])
            for name, font in re.findall(rb"/(F\d+) (\d+) 0 R", resources)
        }
        found.append("\n".join(_shown(_stream(objects[_reference(page, b"Contents")]), fonts)))
    return found


def _shown(stream: bytes, fonts: dict[bytes, dict[int, str]]) -> Iterator[str]:
    font, kept, line = None, [], ""
    for piece in stream.split(b" ET"):  # the end of one text
        for name, mark, shown in _TOKEN.findall(piece):
            if name:
                font = fonts[name]
            elif mark == b"q":
                kept.append(font)
            elif mark == b"Q":
                font = kept.pop()
            else:
                assert font is not None, "text without a font is not shown"
                codes = re.sub(rb"\\.", lambda found: _ESCAPED.get(found[0], found[0][1:]), shown, flags=re.DOTALL)
                line += "".join(font[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2))
        yield line
        line = ""


def _characters(map_of_codes: bytes) -> dict[int, str]:
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in re.findall(rb"<([0-9A-F]+)> <([0-9A-F]+)>\n", map_of_codes.partition(b"beginbfchar")[2])
    }


def _reference(content: bytes, name: bytes) -> int:
    return int(re.search(rb"/%s (\d+) 0 R" % name, content)[1])


def _stream(content: bytes) -> bytes:
    return zlib.decompress(content.partition(b"stream\n")[2].rpartition(b"\nendstream")[0])
