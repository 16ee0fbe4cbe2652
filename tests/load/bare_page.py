"""A server of plain aiohttp and Jinja2 that makes one page, as long as it is asked to, and does no other work.

python -m tests.load.bare_page PORT
"""

from __future__ import annotations

import sys

import jinja2
from aiohttp import web

PAGE = """<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{{ title }}</title><link rel="stylesheet" href="/site.css"></head>
<body>
<header><a href="/">{{ title }}</a></header>
<main><h1>{{ title }}</h1>
<table>
<tbody>
{% for name, amount in rows %}
<tr><th scope="row">{{ name }}</th><td class="number">{{ amount }}</td></tr>
{% endfor %}
</tbody>
</table>
</main>
</body>
</html>
"""
ROW_BYTES = 72


def make_app() -> web.Application:
    """GET /LENGTH answers a page of about so many bytes."""
    template = jinja2.Environment(autoescape=True, trim_blocks=True).from_string(PAGE)

    async def show(request: web.Request) -> web.Response:
        rows = [(f"{number}月", "1,234.56") for number in range(int(request.match_info["length"]) // ROW_BYTES)]
        return web.Response(text=template.render(title="重庆市社会保障卡服务", rows=rows), content_type="text/html")

    app = web.Application()
    app.router.add_get("/{length:[0-9]{1,6}}", show)
    return app


if __name__ == "__main__":
    web.run_app(make_app(), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
