"""Benefits by personal number and contributions by unit number (R15–R17), for anybody who knows the number.

A number is sent in a form and stands in no address; the answer comes on the same page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from core.errors import MalformedNumber
from core.service import Service
from web import words
from web.forms import Form
from web.page import Page


@dataclass(frozen=True)
class Question:
    """One kind of enquiry: where it stands, what is asked for, what the core is asked, and how it is answered."""

    path: str
    template: str
    title: str
    label: str
    nothing: str  # R19
    ask: Callable[[Service, str], Any]


WORK_INJURY = Question(
    "/numbers/work-injury",
    "by_number/work_injury.html",
    "工伤人员待遇",
    "个人社保号",
    "没有查到这个号码的工伤待遇记录。",
    Service.work_injury_benefit,
)
WORK_DEATH = Question(
    "/numbers/work-death",
    "by_number/work_death.html",
    "工亡人员待遇",
    "工亡人员的个人社保号",
    "没有查到这个号码的工亡待遇记录。",
    Service.work_death_benefit,
)
UNIT = Question(
    "/numbers/unit",
    "by_number/unit.html",
    "单位医疗保险缴费",
    "单位社保号",
    "没有查到这个单位的医疗保险缴费记录。",
    Service.unit_contributions,
)
QUESTIONS = (WORK_INJURY, WORK_DEATH, UNIT)


async def ask_work_injury(page: Page) -> web.StreamResponse:
    """R15: the form."""
    return _show(page, WORK_INJURY, Form())


async def answer_work_injury(page: Page) -> web.StreamResponse:
    """R15: kind, monthly amount and month last paid. No name, no ID number."""
    return await _answer(page, WORK_INJURY)


async def ask_work_death(page: Page) -> web.StreamResponse:
    """R16: the form."""
    return _show(page, WORK_DEATH, Form())


async def answer_work_death(page: Page) -> web.StreamResponse:
    """R16: how many dependants are paid, the monthly amount and the month last paid. No names."""
    return await _answer(page, WORK_DEATH)


async def ask_unit(page: Page) -> web.StreamResponse:
    """R17: the form."""
    return _show(page, UNIT, Form())


async def answer_unit(page: Page) -> web.StreamResponse:
    """R17: the latest month, people insured, due, paid, in arrears or not."""
    return await _answer(page, UNIT)


async def _answer(page: Page, question: Question) -> web.StreamResponse:
    form = await page.read_form()
    number = form.text("number")
    try:
        found = await page.run(question.ask, page.service, number)
    except MalformedNumber as error:
        form.refuse("number", words.malformed(error) if number else f"请填写{question.label}。")
        return _show(page, question, form)
    return _show(page, question, form, asked=True, found=found)


def _show(page: Page, question: Question, form: Form, *, asked: bool = False, found: Any = None) -> web.Response:
    return page.show(question.template, form=form, question=question, questions=QUESTIONS, asked=asked, found=found)
