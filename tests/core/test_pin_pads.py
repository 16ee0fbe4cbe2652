"""The PIN pad at a window: paired with one desk, asked once, and read by nobody but the core (section 2, R22–R26)."""

from __future__ import annotations

import pytest

from core.actor import Actor
from core.context import CoreContext
from core.errors import (
    CardNotUsable,
    DocumentsMissing,
    IdentificationFailed,
    NewPinMismatch,
    NotOnThisDoor,
    PadNotReady,
    PinLocked,
    WeakPin,
)
from core.service import Service
from core.staffed import cases, pin_pads
from core.staffed.cases import Case
from core.staffed.pin_pads import PinTask
from core.staffed.staff_visits import StaffVisit
from core.values import CardState, Document, Door, Reason
from tests.support.core.audit import outcomes
from tests.support.core.people import Held


def case_of(context: CoreContext, visit: StaffVisit, held: Held, *, card_shown: bool = True) -> Case:
    case = cases.open_case(context, visit, held.id_number, Document.RESIDENT_ID_CARD, Reason.PIN)
    return cases.show_card(context, visit, case.case_id, held.card_number) if card_shown else case


def paired_pad(context: CoreContext, visit: StaffVisit) -> str:
    pad = pin_pads.open_pad(context)
    pin_pads.pair(context, visit, code_on(context, pad))
    return pad


def code_on(context: CoreContext, pad: str) -> str:
    view = pin_pads.look(context, pad)
    assert view and view.code
    return view.code


def keys(context: CoreContext, pad: str, *pins: str) -> None:
    """The person answers what the pad shows."""
    view = pin_pads.look(context, pad)
    assert view
    pin_pads.key_in(context, pad, view.asked, *pins)


def test_a_new_pad_shows_a_code_and_whose_desk_it_works_for_once_paired(context, at_work):
    visit, pad = at_work(Door.AGENCY), pin_pads.open_pad(context)
    code = code_on(context, pad)
    assert len(code) == 6 and code.isdecimal()
    pin_pads.pair(context, visit, code)
    view = pin_pads.look(context, pad)
    assert view and view.code is None and view.clerk == visit.member and view.task is None


def test_a_code_pairs_once_and_only_the_pad_that_shows_it(context, at_work):
    first, second = at_work(Door.AGENCY), at_work(Door.BRANCH)
    code = code_on(context, pin_pads.open_pad(context))
    pin_pads.pair(context, first, code)
    for wrong in (code, "", "abcdef"):
        with pytest.raises(PadNotReady):
            pin_pads.pair(context, second, wrong)
    assert pin_pads.of_desk(context, second, "0" * 16) is None


def test_a_code_runs_out_and_another_one_comes(context, at_work, clock):
    visit, pad = at_work(Door.AGENCY), pin_pads.open_pad(context)
    code = code_on(context, pad)
    clock.passes(minutes=pin_pads.CODE_MINUTES)
    with pytest.raises(PadNotReady):
        pin_pads.pair(context, visit, code)
    assert code_on(context, pad)


def test_a_desk_has_one_pad_and_the_one_before_shows_a_code_again(context, at_work):
    visit = at_work(Door.AGENCY)
    before, now = paired_pad(context, visit), paired_pad(context, visit)
    assert code_on(context, before)
    assert pin_pads.look(context, now).clerk == visit.member


def test_a_pad_is_free_again_when_the_clerk_signs_out(context, at_work, clock):
    visit = at_work(Door.AGENCY)
    pad = paired_pad(context, visit)
    clock.passes(seconds=context.settings.staff_idle_seconds)
    assert code_on(context, pad)


def test_a_pad_that_was_not_seen_for_twenty_seconds_answers_no_more_and_after_a_day_is_forgotten(
    context, at_work, clock
):
    visit = at_work(Door.AGENCY)
    pad = paired_pad(context, visit)

    def answers() -> bool:
        return pin_pads.of_desk(context, visit, "0" * 16).answers

    assert answers()
    clock.passes(seconds=pin_pads.SEEN_WITHIN_SECONDS - 1)
    assert answers()
    clock.passes(seconds=1)
    assert not answers()
    pin_pads.look(context, pad)
    assert answers(), "it was seen again"
    clock.passes(days=1)
    pin_pads.forget_unseen(context)
    assert not answers()
    clock.passes(seconds=1)
    pin_pads.forget_unseen(context)
    assert pin_pads.of_desk(context, visit, "0" * 16) is None and pin_pads.look(context, pad) is None


def test_a_made_up_pad_shows_nothing(context):
    assert pin_pads.look(context, "made up") is None
    with pytest.raises(PadNotReady):
        pin_pads.key_in(context, "made up", "", "739164", "604815", "604815")


@pytest.mark.parametrize("door", [Door.AGENCY, Door.SERVICE_CENTRE])
def test_section_2_a_pin_is_changed_on_the_pad(context, at_work, holder, door):
    visit, held = at_work(door), holder(pin="739164")
    pad = paired_pad(context, visit)
    case = case_of(context, visit, held)
    pin_pads.ask(context, visit, case, PinTask.CHANGE)
    view = pin_pads.look(context, pad)
    assert view and view.task is PinTask.CHANGE and view.masked_name == "测*"
    keys(context, pad, "739164", "604815", "604815")
    assert pin_pads.of_desk(context, visit, case.case_id).answer == "done"
    assert Service(context, Actor.web("192.0.2.1")).identify(held.id_number, "604815").person_id == held.person_id


def test_r22_the_default_pin_needs_no_id_number_where_the_document_lies_before_the_clerk(context, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="123456")
    pad = paired_pad(context, visit)
    case = case_of(context, visit, held)
    pin_pads.ask(context, visit, case, PinTask.CHANGE)
    keys(context, pad, "123456", "604815", "604815")
    assert pin_pads.of_desk(context, visit, case.case_id).answer == "done"


@pytest.mark.parametrize("door", [Door.BRANCH, Door.SERVICE_CENTRE])
def test_r26_a_locked_pin_is_reset_on_the_pad(context, at_work, holder, caller, door):
    visit, held = at_work(door), holder(pin="739164")
    for _ in range(6):
        with pytest.raises((IdentificationFailed, PinLocked)):
            caller.identify(held.id_number, "000001")
    pad = paired_pad(context, visit)
    pin_pads.ask(context, visit, case_of(context, visit, held), PinTask.RESET)
    keys(context, pad, "", "604815", "604815")
    assert caller.identify(held.id_number, "604815").person_id == held.person_id


@pytest.mark.parametrize(("door", "task"), [(Door.BRANCH, PinTask.CHANGE), (Door.AGENCY, PinTask.RESET)])
def test_section_2_what_an_office_may_not_do_is_not_asked_on_its_pad(context, at_work, holder, door, task):
    visit, held = at_work(door), holder()
    pad = paired_pad(context, visit)
    with pytest.raises(NotOnThisDoor):
        pin_pads.ask(context, visit, case_of(context, visit, held), task)
    assert pin_pads.look(context, pad).task is None
    assert outcomes(context, held)[-1] == (task.operation.value, f"not_on_this_door operation={task.operation.value}")


def test_r26_without_the_card_nothing_is_asked(context, at_work, holder):
    visit, held = at_work(Door.SERVICE_CENTRE), holder()
    paired_pad(context, visit)
    case = case_of(context, visit, held, card_shown=False)
    for task in PinTask:
        with pytest.raises(DocumentsMissing):
            pin_pads.ask(context, visit, case, task)


def test_without_a_pad_the_desk_is_told(context, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder()
    with pytest.raises(PadNotReady):
        pin_pads.ask(context, visit, case_of(context, visit, held), PinTask.CHANGE)


@pytest.mark.parametrize(
    ("keyed", "refusal"),
    [
        (("000001", "604815", "604815"), IdentificationFailed),
        (("739164", "604815", "604816"), NewPinMismatch),
        (("739164", "111111", "111111"), WeakPin),
    ],
)
def test_what_the_person_can_mend_is_asked_again_and_the_desk_is_told(context, at_work, holder, keyed, refusal):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(context, visit)
    case = case_of(context, visit, held)
    pin_pads.ask(context, visit, case, PinTask.CHANGE)
    with pytest.raises(refusal) as refused:
        keys(context, pad, *keyed)
    assert pin_pads.look(context, pad).task is PinTask.CHANGE
    seen = pin_pads.of_desk(context, visit, case.case_id)
    assert (seen.answer, seen.answer_detail) == (refused.value.code, refused.value.detail)
    keys(context, pad, "739164", "604815", "604815")
    assert pin_pads.of_desk(context, visit, case.case_id).answer == "done"


def test_a_task_is_carried_out_once(context, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(context, visit)
    pin_pads.ask(context, visit, case_of(context, visit, held), PinTask.CHANGE)
    keys(context, pad, "739164", "604815", "604815")
    with pytest.raises(PadNotReady):
        keys(context, pad, "604815", "470359", "470359")


def test_what_the_clerk_takes_back_is_asked_for_no_more(context, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(context, visit)
    pin_pads.ask(context, visit, case_of(context, visit, held), PinTask.CHANGE)
    pin_pads.take_back(context, visit)
    with pytest.raises(PadNotReady):
        keys(context, pad, "739164", "604815", "604815")


def test_a_case_that_was_closed_is_asked_for_no_more(context, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(context, visit)
    case = case_of(context, visit, held)
    pin_pads.ask(context, visit, case, PinTask.CHANGE)
    cases.close_case(context, visit, case.case_id)
    assert pin_pads.look(context, pad).task is None
    with pytest.raises(PadNotReady):
        keys(context, pad, "739164", "604815", "604815")


def test_what_was_asked_by_a_clerk_who_has_gone_is_asked_for_no_more(context, at_work, holder, caller, clock):
    """Their sign-in ends between the person's last digit and the key that confirms."""
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(context, visit)
    pin_pads.ask(context, visit, case_of(context, visit, held), PinTask.CHANGE)
    asked = pin_pads.look(context, pad).asked
    clock.passes(seconds=context.settings.staff_idle_seconds)
    with pytest.raises(PadNotReady, match="clerk_gone"):
        pin_pads.key_in(context, pad, asked, "739164", "604815", "604815")
    assert caller.identify(held.id_number, "739164")


def test_what_was_keyed_for_one_task_or_one_person_is_not_carried_out_for_another(context, at_work, holder):
    """The clerk asks for something else between the person's last digit and the key that confirms."""
    visit, held, other = at_work(Door.SERVICE_CENTRE), holder(pin="739164"), holder(pin="739164")
    pad, case = paired_pad(context, visit), case_of(context, visit, held)
    pin_pads.ask(context, visit, case, PinTask.CHANGE)
    asked = pin_pads.look(context, pad).asked
    for now, task in ((case, PinTask.RESET), (case_of(context, visit, other), PinTask.CHANGE)):
        pin_pads.ask(context, visit, now, task)
        with pytest.raises(PadNotReady):
            pin_pads.key_in(context, pad, asked, "739164", "604815", "604815")
    for each in (held, other):
        assert Service(context, Actor.web("192.0.2.1")).identify(each.id_number, "739164")


def test_how_it_ended_is_told_in_its_own_case_and_to_the_person_as_long_as_they_are_there(context, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(context, visit)
    case, another = case_of(context, visit, held), case_of(context, visit, holder())
    pin_pads.ask(context, visit, case, PinTask.CHANGE)
    assert pin_pads.of_desk(context, visit, another.case_id).task is None
    keys(context, pad, "739164", "604815", "604815")
    assert pin_pads.of_desk(context, visit, case.case_id).answer == pin_pads.look(context, pad).answer == "done"
    assert pin_pads.of_desk(context, visit, another.case_id).answer is None
    cases.close_case(context, visit, case.case_id)
    assert pin_pads.look(context, pad).answer is None


def test_r4_wrong_pins_on_the_pad_lock_like_everywhere(context, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(context, visit)
    pin_pads.ask(context, visit, case_of(context, visit, held), PinTask.CHANGE)
    for _ in range(5):
        with pytest.raises(IdentificationFailed):
            keys(context, pad, "000001", "604815", "604815")
    for pin in ("000001", "739164"):
        with pytest.raises(PinLocked):
            keys(context, pad, pin, "604815", "604815")


def test_r25_the_pin_of_a_lost_card_is_not_changed(context, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164", state=CardState.LOSS_REPORTED)
    pad = paired_pad(context, visit)
    pin_pads.ask(context, visit, case_of(context, visit, held), PinTask.CHANGE)
    with pytest.raises(CardNotUsable):
        keys(context, pad, "739164", "604815", "604815")


def test_r8_the_clerk_and_the_office_stand_in_the_row_of_the_change(context, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(context, visit)
    pin_pads.ask(context, visit, case_of(context, visit, held), PinTask.CHANGE)
    keys(context, pad, "739164", "604815", "604815")
    with context.transaction() as session:
        from core.audit.record import history

        newest = history(session, held.person_id, context.now())[0]
    member = visit.member
    assert (newest.channel, newest.office, newest.who) == ("counter", member.office, f"staff:{member.login}")
    assert (newest.operation, newest.code) == ("change the PIN", "done")
