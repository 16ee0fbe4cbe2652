"""A clerk's window: one person, one case (R2, R6, R8, R13, R34, R37)."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.cards import loss, replacement
from core.context import CoreContext
from core.errors import AnotherCard, HotlineError, MalformedNumber, NotFound, NotOnThisDoor, NotYourRole, StateConflict
from core.numbers import card_check_character
from core.permissions import ALLOWED
from core.records.schema import AuditEvent, CounterCase, Person
from core.staffed import cases, staff_visits
from core.staffed.cases import Case
from core.staffed.staff_visits import StaffVisit
from core.values import CardState, Document, Door, Operation, OtherOperation, Reason, Role
from tests.support.core.audit import outcomes, told
from tests.support.core.people import Held
from tests.support.core.staffing import OFFICES, signed_in, visit_of

ID_CARD = Document.RESIDENT_ID_CARD
NEW_CARD = "C0000001" + card_check_character("C0000001")
WRITTEN = {ID_CARD, Document.REGISTRATION_FORM}


def opens(context: CoreContext, visit: StaffVisit, sought: str, reason: Reason = Reason.LOSS) -> Case:
    return cases.open_case(context, visit, sought, ID_CARD, reason)


def replaced(context: CoreContext, held: Held, visit: StaffVisit) -> None:
    """The card is lost and replaced at a branch."""
    given = (context, visit.member.actor, held.person_id, held.card_id)
    loss.report_loss_in_writing(*given, WRITTEN)
    replacement.apply_for_replacement(*given)
    replacement.issue_replacement(*given, NEW_CARD)
    replacement.hand_over_replacement(*given, NEW_CARD, WRITTEN)


@pytest.mark.parametrize("door", OFFICES)
def test_r2_a_person_is_found_once_the_document_and_the_reason_are_on_record(context, at_work, holder, door):
    held, visit = holder(), at_work(door)
    case = cases.open_case(context, visit, held.id_number, Document.PASSPORT, Reason.ENQUIRY)
    assert (case.person.person_id, case.person.card_id) == (held.person_id, held.card_id)
    assert (case.document, case.reason) == (Document.PASSPORT, Reason.ENQUIRY)
    assert outcomes(context, held) == [("find a person at the counter", "done document=passport reason=enquiry")]
    with context.transaction() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.person_id == held.person_id)).one()
    assert (event.channel, event.office, event.who) == ("counter", OFFICES[door], f"staff:{visit.member.login}")


def test_r2_a_form_or_the_card_is_no_document_to_know_a_person_by(context, at_work, holder):
    held, visit = holder(), at_work()
    for document in (Document.SOCIAL_SECURITY_CARD, Document.REGISTRATION_FORM):
        with pytest.raises(ValueError, match="ID document"):
            cases.open_case(context, visit, held.id_number, document, Reason.LOSS)
    assert outcomes(context, held) == []


def test_a_person_is_found_by_id_number_by_card_number_and_by_the_reference_of_a_loss(context, at_work, holder, caller):
    held, other, visit = holder(), holder(), at_work()
    reference = caller.report_loss(caller.identify(held.id_number, held.pin)).reference
    for sought in (held.id_number, f" {held.card_number.lower()} ", reference, f"{reference[:4]} {reference[4:]}"):
        assert opens(context, visit, sought).person.person_id == held.person_id
    assert opens(context, visit, other.card_number).person.person_id == other.person_id


def test_r36_the_old_number_finds_the_person_on_the_new_card(context, at_work, holder):
    held, visit = holder(), at_work()
    replaced(context, held, visit)
    case = opens(context, visit, held.card_number)
    assert case.person.card_id != held.card_id and case.person.card_state is CardState.ACTIVE
    assert case.person.pin_is_default
    with pytest.raises(AnotherCard):
        cases.show_card(context, visit, case.case_id, held.card_number)
    assert cases.show_card(context, visit, case.case_id, NEW_CARD).card_shown


def test_somebody_whose_only_card_is_cancelled_is_served_on_it(context, at_work, holder):
    held, visit = holder(state=CardState.CANCELLED), at_work()
    assert opens(context, visit, held.id_number).person.card_state is CardState.CANCELLED


def test_who_never_had_a_card_is_told_apart_and_no_case_is_begun(context, at_work, holder):
    held, visit = holder(), at_work()
    with context.transaction() as session:
        person = Person(
            id_number="500101198001019990",
            personal_number="1",
            name="无卡",
            district="渝中区",
            employment="employed",
            phone="",
        )
        session.add(person)
    with pytest.raises(NotFound, match="what=card"):
        opens(context, visit, "500101198001019990")
    with context.transaction() as session:
        assert session.scalar(select(func.count()).select_from(CounterCase)) == 0
    assert held


@pytest.mark.parametrize("sought", ["500101198001019990", "A0000000" + card_check_character("A0000000"), "00000000"])
def test_a_number_that_nobody_has_finds_nobody_and_is_on_record(context, at_work, sought):
    visit = at_work()
    with pytest.raises(NotFound):
        opens(context, visit, sought)
    with context.transaction() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.operation == OtherOperation.FIND_PERSON)).one()
    assert (event.person_id, told(event)) == (None, "not_found document=resident ID card reason=loss what=person")
    assert sought not in str(vars(event))


@pytest.mark.parametrize("sought", ["", "   ", "1234567", "500101198001019991", "A00000000", "50010119800101999"])
def test_r1_a_number_of_a_wrong_form_is_told_at_once(context, at_work, sought):
    visit = at_work()
    with pytest.raises(MalformedNumber):
        opens(context, visit, sought)
    with context.transaction() as session:
        assert not session.scalars(select(AuditEvent).where(AuditEvent.operation == OtherOperation.FIND_PERSON)).all()


def test_an_administrator_serves_nobody(context, hired, holder):
    held = holder()
    visit = visit_of(context, signed_in(context, hired(Door.SERVICE_CENTRE, Role.ADMINISTRATOR)))
    with pytest.raises(NotYourRole):
        opens(context, visit, held.id_number)
    assert [told.split()[0] for _, told in outcomes(context, held)] == ["not_your_role"]


def test_section_2_decides_at_which_offices_a_person_is_found_at_all(context, at_work, holder, monkeypatch):
    """Today all of them may. If the table says otherwise one day, the counter follows it, and the refusal is on record
    with the person whom it was about."""
    held, agency, branch = holder(), at_work(Door.AGENCY), at_work(Door.BRANCH)
    monkeypatch.setitem(ALLOWED, Operation.ENQUIRE_SELF, (Door.BRANCH,))
    assert opens(context, branch, held.id_number).person.person_id == held.person_id
    with pytest.raises(NotOnThisDoor) as refused:
        opens(context, agency, held.id_number)
    assert refused.value.doors == (Door.BRANCH,)
    assert outcomes(context, held)[1:] == [
        (
            OtherOperation.FIND_PERSON,
            "not_on_this_door document=resident ID card operation=enquire about oneself reason=loss",
        )
    ]


def test_a_case_belongs_to_the_desk_where_it_was_begun(context, at_work, holder):
    held, mine, others = holder(), at_work(), at_work()
    case = opens(context, mine, held.id_number)
    assert cases.the_case(context, mine, case.case_id) == case
    for step in (cases.the_case, cases.reveal, cases.registration_form):
        with pytest.raises(NotFound, match="what=case"):
            step(context, others, case.case_id)
    with pytest.raises(NotFound, match="what=case"):
        cases.show_card(context, others, case.case_id, held.card_number)
    cases.close_case(context, others, case.case_id)
    assert cases.the_case(context, mine, case.case_id)
    assert [operation for operation, _ in outcomes(context, held)] == [OtherOperation.FIND_PERSON]


def test_a_case_ends_with_the_clerks_signing_in_anew(context, hired, holder, clock):
    clerk = hired()
    before = visit_of(context, signed_in(context, clerk))
    case = opens(context, before, holder().id_number)
    clock.passes(hours=20)
    after = visit_of(context, signed_in(context, clerk))
    with pytest.raises(NotFound):
        cases.the_case(context, after, case.case_id)
    assert staff_visits.at_desk(context, before.session_id) is None


def test_a_case_is_forgotten_when_nobody_can_be_signed_in_any_more_where_it_was_begun(context, at_work, holder, clock):
    def known() -> int:
        cases.forget_old(context)
        with context.transaction() as session:
            return session.scalar(select(func.count()).select_from(CounterCase))

    opens(context, at_work(), holder().id_number)
    clock.passes(seconds=context.settings.staff_limit_seconds - 1)
    opens(context, at_work(), holder().id_number)
    assert known() == 2
    clock.passes(seconds=1)
    assert known() == 1


@pytest.mark.parametrize("case_id", ["", "\0", "0" * 16, "0" * 5000, "案", "' or 1=1"])
def test_a_made_up_case_is_not_found(context, at_work, case_id):
    with pytest.raises(NotFound, match="what=case"):
        cases.the_case(context, at_work(), case_id)


def test_a_closed_case_is_over(context, at_work, holder):
    visit = at_work()
    case = opens(context, visit, holder().id_number)
    cases.close_case(context, visit, case.case_id)
    cases.close_case(context, visit, case.case_id)
    with pytest.raises(NotFound):
        cases.the_case(context, visit, case.case_id)


def test_r6_everything_is_masked_until_the_clerk_asks_and_that_is_on_record(context, at_work, holder):
    held, visit = holder(), at_work()
    case = opens(context, visit, held.id_number)
    assert cases.unmasked(context, visit, case) is None and not case.revealed
    assert case.masked_name == "测*" and held.id_number not in repr(case)
    whole = cases.unmasked(context, visit, cases.reveal(context, visit, case.case_id))
    assert (whole.name, whole.id_number, whole.card_number) == ("测试", held.id_number, held.card_number)
    assert outcomes(context, held)[-1] == ("see the record whole", "done")
    assert held.id_number not in repr(whole)


def test_the_card_that_is_shown_must_be_the_one_on_record(context, at_work, holder):
    held, other, visit = holder(), holder(), at_work()
    case = opens(context, visit, held.id_number)
    with pytest.raises(AnotherCard):
        cases.show_card(context, visit, case.case_id, other.card_number)
    with pytest.raises(MalformedNumber):
        cases.show_card(context, visit, case.case_id, "A1")
    assert not cases.the_case(context, visit, case.case_id).card_shown
    assert cases.show_card(context, visit, case.case_id, held.card_number.lower()).card_shown
    assert cases.the_case(context, visit, case.case_id).card_shown
    assert [outcome for operation, outcome in outcomes(context, held) if operation == OtherOperation.SHOW_CARD] == [
        "another_card",
        "done",
    ]
    assert [operation for operation, _ in outcomes(context, other)] == []


def test_a_card_that_was_shown_is_not_the_new_one(context, at_work, holder):
    """The old card was seen; after the replacement the person is on another."""
    held, visit = holder(), at_work()
    case = opens(context, visit, held.id_number)
    cases.show_card(context, visit, case.case_id, held.card_number)
    replaced(context, held, visit)
    assert not cases.the_case(context, visit, case.case_id).card_shown


@pytest.mark.parametrize("door", OFFICES)
def test_r34_the_form_is_printed_where_a_loss_is_written_up(context, at_work, holder, caller, door):
    held, visit = holder(), at_work(door)
    reference = caller.report_loss(caller.identify(held.id_number, held.pin)).reference
    case = opens(context, visit, held.id_number)
    if door is Door.AGENCY:
        with pytest.raises(NotOnThisDoor) as refused:
            cases.registration_form(context, visit, case.case_id)
        assert refused.value.doors == (Door.BRANCH, Door.SERVICE_CENTRE)
        assert outcomes(context, held)[-1][0] == OtherOperation.PRINT_FORM
        return
    form = cases.registration_form(context, visit, case.case_id)
    assert (form.person.id_number, form.person.card_number) == (held.id_number, held.card_number)
    assert (form.report.reference, form.document, form.clerk) == (reference, ID_CARD, visit.member)
    assert outcomes(context, held)[-1] == (OtherOperation.PRINT_FORM, "done")


def test_r34_a_loss_that_nobody_reported_yet_has_a_form_without_a_reference(context, at_work, holder):
    visit = at_work()
    assert cases.registration_form(context, visit, opens(context, visit, holder().id_number).case_id).report is None


def test_r34_there_is_no_form_for_a_card_that_is_cancelled(context, at_work, holder):
    held, visit = holder(state=CardState.CANCELLED), at_work()
    with pytest.raises(StateConflict):
        cases.registration_form(context, visit, opens(context, visit, held.id_number).case_id)
    assert outcomes(context, held)[-1] == (OtherOperation.PRINT_FORM, "state_conflict state=cancelled")


def test_r37_a_form_about_a_card_that_was_replaced_meanwhile_is_a_conflict(context, at_work, holder):
    held, visit, other = holder(), at_work(), at_work()
    case = opens(context, visit, held.id_number)
    cases.require_card(context, visit, case, Operation.REPORT_LOSS, str(held.card_id))
    replaced(context, held, other)
    now = cases.the_case(context, visit, case.case_id)
    with pytest.raises(StateConflict) as conflict:
        cases.require_card(context, visit, now, Operation.REPORT_LOSS, str(held.card_id))
    assert conflict.value.state is CardState.ACTIVE
    assert outcomes(context, held)[-1] == ("report a loss", "state_conflict state=active")


def test_r8_everything_that_is_recorded_at_a_window_names_the_clerk_and_the_office(context, at_work, holder):
    held, visit = holder(), at_work()
    case = opens(context, visit, held.id_number)
    for step in (cases.reveal, cases.registration_form):
        step(context, visit, case.case_id)
    with pytest.raises(HotlineError):
        cases.show_card(context, visit, case.case_id, NEW_CARD)
    with context.transaction() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.person_id == held.person_id)).all()
    assert len(events) == 4
    assert {(event.office, event.who) for event in events} == {(visit.member.office, visit.member.actor.who)}
