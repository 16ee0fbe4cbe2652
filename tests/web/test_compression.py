"""What is compressed on its way, and what must not be."""

from __future__ import annotations

import gzip
import re
import zlib

import pytest

from tests.support.web.visitor import Visitor
from web.static_files import FOLDER, files

COMPRESSED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize("path", ["/", "/guide/loss", "/catalogue/drugs?q=a", "/sign-in", "/no-such-page"])
def test_a_page_for_everybody_comes_compressed(visitor: Visitor, path):
    plain = visitor.asks("GET", path)
    packed = visitor.asks("GET", path, headers=COMPRESSED)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] in ("gzip", "deflate")
    assert zlib.decompress(packed.body, zlib.MAX_WBITS | 32) == plain.body
    assert len(packed.body) < len(plain.body) * 0.6


def test_a_page_of_ones_own_does_not(visitor: Visitor, holder):
    visitor.signs_in(holder())
    for path in ("/account", "/account/pin", "/account/loss/confirm", "/", "/catalogue/drugs?q=a"):
        assert "Content-Encoding" not in visitor.asks("GET", path, headers=COMPRESSED).headers


def test_what_answers_a_form_does_not(visitor: Visitor):
    visitor.opens("/sign-in")
    answer = visitor.sends("/sign-in", id_number="500", pin="", headers=COMPRESSED)
    assert answer.status == 422 and "Content-Encoding" not in answer.headers
    answer = visitor.sends("/numbers/unit", number="50010002", headers=COMPRESSED)
    assert answer.status == 200 and "Content-Encoding" not in answer.headers


def test_a_static_file_is_compressed_and_kept_as_long_as_it_is_the_same(visitor: Visitor):
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)', visitor.opens("/").html):
        packed = visitor.asks("GET", address, headers=COMPRESSED)
        name = address.removeprefix("/static/").partition("?")[0]
        assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert packed.headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(packed.body) == (FOLDER / name).read_bytes()
        plain = visitor.asks("GET", address)
        assert "Content-Encoding" not in plain.headers and plain.body == (FOLDER / name).read_bytes()


def test_a_file_asked_for_by_an_older_page_is_kept_by_nobody(visitor: Visitor):
    for address in ("/static/site.css", "/static/site.css?v=0123456789ab"):
        answer = visitor.asks("GET", address)
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize(
    "name", ["no.css", "vendor/pico-LICENSE.md", "../app.py", "..%2fapp.py", "%2e%2e/app.py", "vendor/", ""]
)
def test_nothing_but_the_static_files_is_handed_out(visitor: Visitor, name):
    assert visitor.asks("GET", "/static/" + name).status == 404
    assert all(path.endswith((".css", ".js", ".svg")) for path in files())
