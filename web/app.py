"""The site put together: routes, what happens around every view, and what runs beside them."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

from aiohttp import web
from aiohttp.typedefs import Handler

from core import jobs
from core.context import CoreContext
from core.errors import HotlineError, PinChangeRequired
from core.faults import is_database_away, where
from web import security, static_files
from web.page import AppContext, Page, StaleForm
from web.page_cache import PageCache
from web.proxy import TRUSTED_PROXIES, trusted_proxies
from web.rendering import Renderer
from web.route import Route
from web.routes import ROUTES, entrance_to
from web.words import Refusal
from web.workers import Busy, Workers

LARGEST_BODY_BYTES = 64 * 1024
PAGE = web.RequestKey("page", Page)

FROM_ELSEWHERE = Refusal("请求来自别的网站", "为了您的安全，没有办理。请从本站的页面重新操作。", 403)
STALE_FORM = Refusal("页面已经过期", "没有办理。请重新打开页面，再填写一次。", 400)
BUSY = Refusal("系统忙", "请过一会儿再试，或拨打 12333。", 503)
FAULT = Refusal("系统出错了", "没有办理。请过一会儿再试，或拨打 12333。", 500)
BAD_REQUEST = Refusal("请求不正确", "请返回上一页，重新操作。", 400)
HTTP_REFUSALS = {
    403: Refusal("不能访问", "请从首页重新开始。", 403),
    404: Refusal("没有这个页面", "网址可能写错了，或者页面已经移走。请从首页重新开始。", 404),
    405: Refusal("不能这样访问这个页面", "请从首页重新开始。", 405),
    408: Refusal("网络太慢", "您填写的内容没有收全，没有办理。请返回上一页，重新操作。", 408),
    413: Refusal("内容太多", "您填写的内容太多，没有办理。请返回上一页，重新填写。", 413),
}

logger = logging.getLogger("web")


def make_app(context: CoreContext) -> web.Application:
    """The site over this core."""
    app_context = AppContext(context, Workers(context.settings.hash_jobs), Renderer(context.settings.zone))

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """A request from its first check to its answer, whatever goes wrong."""
        request[PAGE] = entrance_to(request.path).stranger(app_context, request)
        try:
            there_is_none = request.match_info.http_exception is not None  # such a page, or such a method for it
            if not (there_is_none or request.method in ("GET", "HEAD") or security.comes_from_here(request)):
                return _sorry(request, FROM_ELSEWHERE)
            return await handler(request)
        except PinChangeRequired:
            return request[PAGE].go(request[PAGE].pin_change_path)
        except HotlineError as error:
            return _sorry(request, request[PAGE].refusal(error))
        except StaleForm:
            return _sorry(request, STALE_FORM)
        except (Busy, TimeoutError):
            return _sorry(request, BUSY)
        except web.HTTPException as error:
            response = _sorry(request, HTTP_REFUSALS.get(error.status, replace(BAD_REQUEST, status=error.status)))
            if "Allow" in error.headers:
                response.headers["Allow"] = error.headers["Allow"]
            return response
        except Exception as error:  # its text may hold what was entered: only where it happened is logged
            reference = f"{secrets.randbelow(10**8):08d}"
            logger.error("%s fails: %s", reference, where(error))
            return _sorry(request, BUSY if is_database_away(error) else FAULT, reference)

    app = web.Application(middlewares=[around], client_max_size=LARGEST_BODY_BYTES)
    app[TRUSTED_PROXIES] = trusted_proxies(context.settings.web_trusted_proxies)
    page_cache = PageCache()
    for route in ROUTES:
        add = app.router.add_get if route.method == "GET" else app.router.add_post
        add(route.path, _handler(route, app_context, page_cache))
    app.router.add_get("/static/{name:.+}", static_files.serve)
    app.on_response_prepare.append(security.put_headers)
    app.cleanup_ctx.append(lambda app: _beside(app_context))
    return app


def _handler(route: Route, app_context: AppContext, page_cache: PageCache) -> Handler:
    entrance = entrance_to(route.path)

    async def answer(request: web.Request) -> web.StreamResponse:
        admitted = await entrance.admit(app_context, request, route)
        if not isinstance(admitted, Page):
            return admitted
        request[PAGE] = admitted
        admitted.check(route)
        return await (page_cache.show(admitted, route.view) if route.fixed else route.view(admitted))

    return answer


def _sorry(request: web.Request, refusal: Refusal, reference: str = "") -> web.StreamResponse:
    """A page that says what went wrong and what to do, and nothing else."""
    return request[PAGE].show("error.html", status=refusal.status, refusal=refusal, reference=reference)


async def _beside(app_context: AppContext) -> AsyncIterator[None]:
    """Does what nobody waits for (core.jobs) for as long as the site runs, in a thread of its own."""
    with ThreadPoolExecutor(1, "jobs") as thread:
        rounds = asyncio.create_task(_run_jobs(app_context.core, thread))
        yield
        rounds.cancel()
        with suppress(asyncio.CancelledError):
            await rounds
        await asyncio.get_running_loop().run_in_executor(thread, jobs.seal_at_the_end, app_context.core)
    app_context.workers.close()


async def _run_jobs(context: CoreContext, thread: Executor) -> None:
    while True:
        await asyncio.get_running_loop().run_in_executor(thread, jobs.run_due, context)
        await asyncio.sleep(jobs.LOOK_EVERY_SECONDS)
