"""Reports by phone and web that wait to be written up (R34): what a clerk finds in the queue, and where it leads."""

from __future__ import annotations

from core.actor import Actor
from core.cards.loss import open_report
from core.records.schema import Person
from core.service import Service
from core.values import CardState, Door
from tests.support.web.clerk import WRITTEN
from tests.support.web.reading import find, is_checked, table


def reports(context, held, by: Actor | None = None) -> str:
    """They report the loss by phone or on the web; the reference."""
    service = Service(context, by or Actor.phone("1", "call"))
    return service.report_loss(service.identify(held.id_number, held.pin)).reference


def lives_in(context, held, district: str) -> None:
    with context.transaction() as session:
        session.get_one(Person, held.person_id).district = district


def spaced(reference: str) -> str:
    return f"{reference[:4]} {reference[4:]}"


def test_r34_the_own_district_comes_first_and_the_oldest_first(at_window, holder, context, clock):
    people = [holder() for _ in range(4)]
    for held, district in zip(people, ("渝北区", "渝中区", "渝中区", "万州区"), strict=True):
        lives_in(context, held, district)
    references = []
    for held, by in zip(people, (None, Actor.web("192.0.2.1"), None, None), strict=True):
        references.append(reports(context, held, by))
        clock.passes(minutes=1)
    clerk = at_window()
    assert clerk.page.has("2 件在渝中区", "全市共 4 件")
    rows = table(clerk.opens("/counter/queue"), "待补办书面挂失")
    assert [row["挂失编号"] for row in rows] == [spaced(references[place]) for place in (1, 2, 0, 3)]
    assert [row["渠道"] for row in rows] == ["网站", "12333 电话", "12333 电话", "12333 电话"]


def test_a_loss_from_an_imported_file_is_said_to_be_no_channels(at_window, holder, context):
    held = holder(state=CardState.LOSS_REPORTED)
    with context.transaction() as session:
        open_report(session, "import", held.card_id, context.now())
    clerk = at_window()
    (row,) = table(clerk.opens("/counter/queue"), "待补办书面挂失")
    assert row["渠道"] == "原有资料"
    clerk.finds(held, "loss")
    assert table(clerk.opens(f"{clerk.here}/loss"), "挂失记录")[0]["渠道"] == "原有资料"


def test_r6_the_queue_shows_nobodys_whole_number(at_window, holder, context):
    held = holder()
    reports(context, held)
    page = at_window().opens("/counter/queue")
    assert held.id_number not in page.html and held.card_number not in page.html
    assert page.has(f"500***********{held.id_number[-4:]}", f"*****{held.card_number[-4:]}")


def test_r34_a_press_leads_to_the_desk_with_reason_and_reference_filled_in(at_window, holder, context):
    held, clerk = holder(), at_window(Door.SERVICE_CENTRE)
    reference = reports(context, held)
    way = f"/counter?loss={reference}"
    assert find(clerk.opens("/counter/queue"), f'a[href="{way}"]')
    page = clerk.opens(way)
    assert page.field("sought") == reference and is_checked(page, value="loss")
    assert not is_checked(page, name="document")  # which document is seen is never filled in
    clerk.here = clerk.sends("/counter/find", sought=reference, reason="loss", document="resident ID card").path
    clerk.takes_step("write-up", **WRITTEN)
    assert clerk.opens("/counter/queue").has("没有待补办的")


def test_r34_what_was_written_or_released_or_reported_here_waits_no_more(at_window, holder, context):
    clerk, held = at_window(), holder()
    clerk.finds(held)
    clerk.takes_step("report", **WRITTEN)
    assert clerk.opens("/counter/queue").has("没有待补办的")


def test_a_long_queue_has_pages(at_window, holder, context, clock):
    for _ in range(51):
        reports(context, holder())
    clerk = at_window()
    assert len(table(clerk.opens("/counter/queue"), "待补办")) == 50 and clerk.page.has("第 1 页，共 2 页")
    assert len(table(clerk.opens("/counter/queue?page=2"), "待补办")) == 1


def test_a_reference_in_an_address_may_be_anything(at_window):
    clerk = at_window()
    for text in ("x" * 3000, "%00", "%3Cscript%3E", "1%0d%0a2"):
        page = clerk.opens(f"/counter?loss={text}")
        assert page.status == 200 and len(page.field("sought")) <= 40
