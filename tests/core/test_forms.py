"""A form that is sent twice is carried out once."""

from __future__ import annotations

from threading import Barrier, Thread

from core import forms
from core.context import CoreContext
from tests.support.core.clock import Clock


def test_the_second_is_told_what_the_first_was(context: CoreContext):
    assert forms.claim(context, "form-1")
    assert not forms.claim(context, "form-1")
    assert forms.answer(context, "form-1") is None  # the first is still at work
    forms.keep_answer(context, "form-1", "done")
    assert not forms.claim(context, "form-1")
    assert forms.answer(context, "form-1") == "done"


def test_of_many_at_once_one_is_the_first(context: CoreContext):
    together, firsts = Barrier(8), []

    def send() -> None:
        together.wait()
        if forms.claim(context, "form-1"):
            firsts.append(True)

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert firsts == [True]


def test_a_form_that_failed_by_our_fault_may_be_sent_again(context: CoreContext):
    assert forms.claim(context, "form-1")
    forms.give_back(context, "form-1")
    assert forms.claim(context, "form-1")


def test_an_answer_is_not_given_back(context: CoreContext):
    assert forms.claim(context, "form-1")
    forms.keep_answer(context, "form-1", "done")
    forms.give_back(context, "form-1")
    assert forms.answer(context, "form-1") == "done"


def test_old_answers_are_forgotten(context: CoreContext, clock: Clock):
    assert forms.claim(context, "form-1")
    clock.passes(days=1, seconds=1)
    assert forms.claim(context, "form-2")
    forms.forget_old(context)
    assert forms.claim(context, "form-1") and not forms.claim(context, "form-2")
