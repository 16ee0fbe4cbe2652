"""Which threads an operation runs in is said by the operation: a look-up waits behind no hash."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from core.actor import Actor
from core.identity.identification import identify_card
from core.service import Service
from core.staffed import staff
from core.workload import Workload, takes, workload_of
from tests.support.web.hashing import HashedUnmarked
from web.site.statement_pdf import write_pdf
from web.workers import Workers, thread_group


def runs(operation: Callable[..., Any], *args: Any) -> Any:
    """What comes of it in the threads of a site."""
    workers = Workers(hash_jobs=1)
    try:
        return asyncio.run(workers.run(operation, *args))
    finally:
        workers.close()


@pytest.mark.parametrize("workload", Workload)
def test_an_operation_runs_in_a_thread_of_its_own_kind(workload: Workload):
    @takes(workload)
    def where(asked: str) -> str:
        return f"{asked} {threading.current_thread().name}"

    assert runs(where, "in").startswith(f"in {thread_group(workload)}")


def test_the_mark_is_found_through_whatever_an_operation_is_bound_to(context):
    service = Service(context, Actor.web("192.0.2.1"))
    assert workload_of(service.identify) is workload_of(Service.identify) is Workload.HASH
    assert workload_of(partial(partial(staff.hire, context), service.actor)) is Workload.HASH
    assert workload_of(service.search_drugs) is Workload.SEARCH
    assert workload_of(write_pdf) is Workload.DOCUMENT
    assert workload_of(service.report_loss) is workload_of(partial(service.history)) is Workload.LOOKUP


def test_a_hash_in_another_thread_is_noticed(context, hashed_unmarked: list[str]):
    """What stands guard in all tests of the site (tests/support/web/hashing.py)."""
    for hash_it in (context.vault.hash, context.vault.compare_with_nobody):
        with pytest.raises(HashedUnmarked):
            runs(hash_it, "482916")
    assert [name.rpartition("_")[0] for name in hashed_unmarked] == [thread_group(Workload.LOOKUP)] * 2
    hashed_unmarked.clear()  # as it was meant here
    assert runs(takes(Workload.HASH)(lambda: context.vault.is_right(context.vault.hash("482916"), "482916")))


def test_a_hash_in_an_operation_that_is_not_marked_is_noticed(
    context, held, hashed_unmarked: list[str], monkeypatch: pytest.MonkeyPatch
):
    service = Service(context, Actor.web("192.0.2.1"))
    for operation in (Service.identify_card, identify_card):
        with monkeypatch.context() as patch:
            patch.delattr(operation, "workload")
            with pytest.raises(HashedUnmarked):
                service.identify_card(held.card_number, held.pin)
    assert hashed_unmarked == ["core.service.identify_card", "core.identity.identification.identify_card"]
    hashed_unmarked.clear()
