"""The PIN pad at a window: paired with one desk, asked once, and read by nobody but the core (section 2, R22–R26)."""

from __future__ import annotations

import pytest

from core.actor import Actor
from core.context import Office
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
from core.service import Desk
from core.staffed import cases, pin_pads
from core.staffed.cases import Case
from core.staffed.pin_pads import PinTask
from core.staffed.staff_visits import StaffVisit
from core.values import CardState, Document, Door, Reason
from tests.core.conftest import Held, outcomes


def case_of(office: Office, visit: StaffVisit, held: Held, *, card_shown: bool = True) -> Case:
    case = cases.open_case(office, visit, held.id_number, Document.RESIDENT_ID_CARD, Reason.PIN)
    return cases.show_card(office, visit, case.case_id, held.card_number) if card_shown else case


def paired_pad(office: Office, visit: StaffVisit) -> str:
    pad = pin_pads.open_pad(office)
    pin_pads.pair(office, visit, code_on(office, pad))
    return pad


def code_on(office: Office, pad: str) -> str:
    view = pin_pads.look(office, pad)
    assert view and view.code
    return view.code


def keys(office: Office, pad: str, *pins: str) -> None:
    """The person answers what the pad shows."""
    view = pin_pads.look(office, pad)
    assert view
    pin_pads.key_in(office, pad, view.asked, *pins)


def test_a_new_pad_shows_a_code_and_whose_desk_it_works_for_once_paired(office, at_work):
    visit, pad = at_work(Door.AGENCY), pin_pads.open_pad(office)
    code = code_on(office, pad)
    assert len(code) == 6 and code.isdecimal()
    pin_pads.pair(office, visit, code)
    view = pin_pads.look(office, pad)
    assert view and view.code is None and view.clerk == visit.member and view.task is None


def test_a_code_pairs_once_and_only_the_pad_that_shows_it(office, at_work):
    first, second = at_work(Door.AGENCY), at_work(Door.BRANCH)
    code = code_on(office, pin_pads.open_pad(office))
    pin_pads.pair(office, first, code)
    for wrong in (code, "", "abcdef"):
        with pytest.raises(PadNotReady):
            pin_pads.pair(office, second, wrong)
    assert pin_pads.of_desk(office, second, "0" * 16) is None


def test_a_code_runs_out_and_another_one_comes(office, at_work, clock):
    visit, pad = at_work(Door.AGENCY), pin_pads.open_pad(office)
    code = code_on(office, pad)
    clock.passes(minutes=pin_pads.CODE_MINUTES)
    with pytest.raises(PadNotReady):
        pin_pads.pair(office, visit, code)
    assert code_on(office, pad)


def test_a_desk_has_one_pad_and_the_one_before_shows_a_code_again(office, at_work):
    visit = at_work(Door.AGENCY)
    before, now = paired_pad(office, visit), paired_pad(office, visit)
    assert code_on(office, before)
    assert pin_pads.look(office, now).clerk == visit.member


def test_a_pad_is_free_again_when_the_clerk_signs_out(office, at_work, clock):
    visit = at_work(Door.AGENCY)
    pad = paired_pad(office, visit)
    clock.passes(seconds=office.settings.staff_idle_seconds)
    assert code_on(office, pad)


def test_a_pad_that_was_not_seen_for_twenty_seconds_answers_no_more_and_after_a_day_is_forgotten(
    office, at_work, clock
):
    visit = at_work(Door.AGENCY)
    pad = paired_pad(office, visit)

    def answers() -> bool:
        return pin_pads.of_desk(office, visit, "0" * 16).answers

    assert answers()
    clock.passes(seconds=pin_pads.SEEN_WITHIN_SECONDS - 1)
    assert answers()
    clock.passes(seconds=1)
    assert not answers()
    pin_pads.look(office, pad)
    assert answers(), "it was seen again"
    clock.passes(days=1)
    pin_pads.forget_unseen(office)
    assert not answers()
    clock.passes(seconds=1)
    pin_pads.forget_unseen(office)
    assert pin_pads.of_desk(office, visit, "0" * 16) is None and pin_pads.look(office, pad) is None


def test_a_made_up_pad_shows_nothing(office):
    assert pin_pads.look(office, "made up") is None
    with pytest.raises(PadNotReady):
        pin_pads.key_in(office, "made up", "", "739164", "604815", "604815")


@pytest.mark.parametrize("door", [Door.AGENCY, Door.SERVICE_CENTRE])
def test_section_2_a_pin_is_changed_on_the_pad(office, at_work, holder, door):
    visit, held = at_work(door), holder(pin="739164")
    pad = paired_pad(office, visit)
    case = case_of(office, visit, held)
    pin_pads.ask(office, visit, case, PinTask.CHANGE)
    view = pin_pads.look(office, pad)
    assert view and view.task is PinTask.CHANGE and view.masked_name == "测*"
    keys(office, pad, "739164", "604815", "604815")
    assert pin_pads.of_desk(office, visit, case.case_id).answer == "done"
    assert Desk(office, Actor.web("192.0.2.1")).identify(held.id_number, "604815").person_id == held.person_id


def test_r22_the_default_pin_needs_no_id_number_where_the_document_lies_before_the_clerk(office, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="123456")
    pad = paired_pad(office, visit)
    case = case_of(office, visit, held)
    pin_pads.ask(office, visit, case, PinTask.CHANGE)
    keys(office, pad, "123456", "604815", "604815")
    assert pin_pads.of_desk(office, visit, case.case_id).answer == "done"


@pytest.mark.parametrize("door", [Door.BRANCH, Door.SERVICE_CENTRE])
def test_r26_a_locked_pin_is_reset_on_the_pad(office, at_work, holder, caller, door):
    visit, held = at_work(door), holder(pin="739164")
    for _ in range(6):
        with pytest.raises((IdentificationFailed, PinLocked)):
            caller.identify(held.id_number, "000001")
    pad = paired_pad(office, visit)
    pin_pads.ask(office, visit, case_of(office, visit, held), PinTask.RESET)
    keys(office, pad, "", "604815", "604815")
    assert caller.identify(held.id_number, "604815").person_id == held.person_id


@pytest.mark.parametrize(("door", "task"), [(Door.BRANCH, PinTask.CHANGE), (Door.AGENCY, PinTask.RESET)])
def test_section_2_what_an_office_may_not_do_is_not_asked_on_its_pad(office, at_work, holder, door, task):
    visit, held = at_work(door), holder()
    pad = paired_pad(office, visit)
    with pytest.raises(NotOnThisDoor):
        pin_pads.ask(office, visit, case_of(office, visit, held), task)
    assert pin_pads.look(office, pad).task is None
    assert outcomes(office, held)[-1] == (task.operation.value, f"not_on_this_door operation={task.operation.value}")


def test_r26_without_the_card_nothing_is_asked(office, at_work, holder):
    visit, held = at_work(Door.SERVICE_CENTRE), holder()
    paired_pad(office, visit)
    case = case_of(office, visit, held, card_shown=False)
    for task in PinTask:
        with pytest.raises(DocumentsMissing):
            pin_pads.ask(office, visit, case, task)


def test_without_a_pad_the_desk_is_told(office, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder()
    with pytest.raises(PadNotReady):
        pin_pads.ask(office, visit, case_of(office, visit, held), PinTask.CHANGE)


@pytest.mark.parametrize(
    ("keyed", "refusal"),
    [
        (("000001", "604815", "604815"), IdentificationFailed),
        (("739164", "604815", "604816"), NewPinMismatch),
        (("739164", "111111", "111111"), WeakPin),
    ],
)
def test_what_the_person_can_mend_is_asked_again_and_the_desk_is_told(office, at_work, holder, keyed, refusal):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(office, visit)
    case = case_of(office, visit, held)
    pin_pads.ask(office, visit, case, PinTask.CHANGE)
    with pytest.raises(refusal) as refused:
        keys(office, pad, *keyed)
    assert pin_pads.look(office, pad).task is PinTask.CHANGE
    seen = pin_pads.of_desk(office, visit, case.case_id)
    assert (seen.answer, seen.answer_detail) == (refused.value.code, refused.value.detail)
    keys(office, pad, "739164", "604815", "604815")
    assert pin_pads.of_desk(office, visit, case.case_id).answer == "done"


def test_a_task_is_carried_out_once(office, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(office, visit)
    pin_pads.ask(office, visit, case_of(office, visit, held), PinTask.CHANGE)
    keys(office, pad, "739164", "604815", "604815")
    with pytest.raises(PadNotReady):
        keys(office, pad, "604815", "470359", "470359")


def test_what_the_clerk_takes_back_is_asked_for_no_more(office, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(office, visit)
    pin_pads.ask(office, visit, case_of(office, visit, held), PinTask.CHANGE)
    pin_pads.take_back(office, visit)
    with pytest.raises(PadNotReady):
        keys(office, pad, "739164", "604815", "604815")


def test_a_case_that_was_closed_is_asked_for_no_more(office, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(office, visit)
    case = case_of(office, visit, held)
    pin_pads.ask(office, visit, case, PinTask.CHANGE)
    cases.close_case(office, visit, case.case_id)
    assert pin_pads.look(office, pad).task is None
    with pytest.raises(PadNotReady):
        keys(office, pad, "739164", "604815", "604815")


def test_what_was_asked_by_a_clerk_who_has_gone_is_asked_for_no_more(office, at_work, holder, caller, clock):
    """Their sign-in ends between the person's last digit and the key that confirms."""
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(office, visit)
    pin_pads.ask(office, visit, case_of(office, visit, held), PinTask.CHANGE)
    asked = pin_pads.look(office, pad).asked
    clock.passes(seconds=office.settings.staff_idle_seconds)
    with pytest.raises(PadNotReady, match="clerk_gone"):
        pin_pads.key_in(office, pad, asked, "739164", "604815", "604815")
    assert caller.identify(held.id_number, "739164")


def test_what_was_keyed_for_one_task_or_one_person_is_not_carried_out_for_another(office, at_work, holder):
    """The clerk asks for something else between the person's last digit and the key that confirms."""
    visit, held, other = at_work(Door.SERVICE_CENTRE), holder(pin="739164"), holder(pin="739164")
    pad, case = paired_pad(office, visit), case_of(office, visit, held)
    pin_pads.ask(office, visit, case, PinTask.CHANGE)
    asked = pin_pads.look(office, pad).asked
    for now, task in ((case, PinTask.RESET), (case_of(office, visit, other), PinTask.CHANGE)):
        pin_pads.ask(office, visit, now, task)
        with pytest.raises(PadNotReady):
            pin_pads.key_in(office, pad, asked, "739164", "604815", "604815")
    for each in (held, other):
        assert Desk(office, Actor.web("192.0.2.1")).identify(each.id_number, "739164")


def test_how_it_ended_is_told_in_its_own_case_and_to_the_person_as_long_as_they_are_there(office, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(office, visit)
    case, another = case_of(office, visit, held), case_of(office, visit, holder())
    pin_pads.ask(office, visit, case, PinTask.CHANGE)
    assert pin_pads.of_desk(office, visit, another.case_id).task is None
    keys(office, pad, "739164", "604815", "604815")
    assert pin_pads.of_desk(office, visit, case.case_id).answer == pin_pads.look(office, pad).answer == "done"
    assert pin_pads.of_desk(office, visit, another.case_id).answer is None
    cases.close_case(office, visit, case.case_id)
    assert pin_pads.look(office, pad).answer is None


def test_r4_wrong_pins_on_the_pad_lock_like_everywhere(office, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(office, visit)
    pin_pads.ask(office, visit, case_of(office, visit, held), PinTask.CHANGE)
    for _ in range(5):
        with pytest.raises(IdentificationFailed):
            keys(office, pad, "000001", "604815", "604815")
    for pin in ("000001", "739164"):
        with pytest.raises(PinLocked):
            keys(office, pad, pin, "604815", "604815")


def test_r25_the_pin_of_a_lost_card_is_not_changed(office, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164", state=CardState.LOSS_REPORTED)
    pad = paired_pad(office, visit)
    pin_pads.ask(office, visit, case_of(office, visit, held), PinTask.CHANGE)
    with pytest.raises(CardNotUsable):
        keys(office, pad, "739164", "604815", "604815")


def test_r8_the_clerk_and_the_office_stand_in_the_row_of_the_change(office, at_work, holder):
    visit, held = at_work(Door.AGENCY), holder(pin="739164")
    pad = paired_pad(office, visit)
    pin_pads.ask(office, visit, case_of(office, visit, held), PinTask.CHANGE)
    keys(office, pad, "739164", "604815", "604815")
    with office.transaction() as session:
        from core.audit.record import history

        newest = history(session, held.person_id, office.now())[0]
    member = visit.member
    assert (newest.channel, newest.office, newest.who) == ("counter", member.office, f"staff:{member.login}")
    assert (newest.operation, newest.code) == ("change the PIN", "done")
