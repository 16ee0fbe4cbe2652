"""A new card for a lost one, applied for, made and handed over (R36, R37)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.cards import loss, replacement
from core.cards.replacement import waiting_card
from core.context import CoreContext
from core.errors import (
    AnotherCard,
    DocumentsMissing,
    HotlineError,
    IdentificationFailed,
    MalformedNumber,
    NotFound,
    NotOnThisDoor,
    NotTheNewCard,
    StateConflict,
)
from core.records.schema import Card, LossReport
from core.service import Service
from core.staffed import cases
from core.values import CardState, Document, Door, Reason
from tests.support.core.audit import outcomes
from tests.support.core.bureau import card_number
from tests.support.core.people import Held, card_state, put_new_card, somebody_at

FORM = {Document.RESIDENT_ID_CARD, Document.REGISTRATION_FORM}
FOUND = {Document.SOCIAL_SECURITY_CARD, Document.HOUSEHOLD_CERTIFICATE}
SEEN = {Document.PASSPORT}
NEW_CARD, ANOTHER = card_number(1, "C"), card_number(2, "C")


@pytest.fixture
def given(
    context: CoreContext, clerk: Callable[[Door], Actor]
) -> Callable[[Held], tuple[CoreContext, Actor, int, int]]:
    """given(held): a clerk of a branch, and the card that they do something with."""
    return lambda held: (context, clerk(Door.BRANCH), held.person_id, held.card_id)


@pytest.fixture
def waits(holder, context) -> Callable[..., Held]:
    """waits(number): somebody whose new card was made and lies at the branch."""

    def made(number: str = NEW_CARD, **about: str) -> Held:
        held = holder(state=CardState.REPLACEMENT_APPLIED, **about)
        put_new_card(context, held, number)
        return held

    return made


def waiting(context: CoreContext, held: Held) -> str | None:
    with context.transaction() as session:
        card = waiting_card(session, held.card_id)
    return card and card.masked_card_number


def answer(step: Callable[[], object]) -> str:
    """done, or what the clerk is told."""
    try:
        step()
    except HotlineError as refusal:
        return str(refusal)
    return "done"


def at_once(*steps: Callable[[], object]) -> list[str]:
    with ThreadPoolExecutor(len(steps)) as clerks:
        return list(clerks.map(answer, steps))


def test_r36_from_the_written_report_to_the_new_card(context, holder, given, caller, clock):
    held = holder(pin="739164")
    clerk = given(held)
    loss.report_loss_in_writing(*clerk, FORM)
    replacement.apply_for_replacement(*clerk)
    with pytest.raises(StateConflict):
        loss.release_loss(*clerk, FOUND)
    replacement.issue_replacement(*clerk, NEW_CARD.lower())
    assert card_state(context, held) is CardState.REPLACEMENT_APPLIED
    clock.passes(days=3)
    new_id = replacement.hand_over_replacement(*clerk, NEW_CARD, SEEN)

    person = caller.identify(held.id_number, "123456")
    assert person.card_id == new_id and person.pin_is_default
    assert card_state(context, held) is CardState.REPLACED
    with context.transaction() as session:
        assert session.get_one(Card, held.card_id).replaced_by == new_id
        new = session.get_one(Card, new_id)
        assert (new.card_number, f"{new.issued_on}") == (NEW_CARD, "2026-03-05")  # the day when it was handed over
        assert session.scalar(select(LossReport.outcome).where(LossReport.card_id == held.card_id)) == "replaced"
    assert [outcome for _, outcome in outcomes(context, held)][-4:] == [
        "state_conflict state=replacement_applied",
        "new_card_issued",
        "new_card_handed_over",
        "identified",
    ]


def test_r36_a_card_in_the_drawer_opens_nothing_at_any_door(context, waits, caller, at_work):
    held = waits()
    kiosk = Service(context, Actor.kiosk(1, "渝中区服务大厅"))
    for attempt in (
        partial(caller.identify, held.id_number, "123456"),  # the old card's PIN is another
        partial(caller.check_original_pin, NEW_CARD[1:], "123456", held.id_number),
        partial(kiosk.identify_card, NEW_CARD, "123456"),
    ):
        with pytest.raises(IdentificationFailed):
            attempt()
    desk = at_work(Door.BRANCH)
    with pytest.raises(NotFound, match="what=person"):
        cases.open_case(context, desk, NEW_CARD, Document.PASSPORT, Reason.REPLACEMENT)
    case = cases.open_case(context, desk, held.id_number, Document.PASSPORT, Reason.REPLACEMENT)
    assert case.person.card_id == held.card_id and case.new_card.masked_card_number == "*****" + NEW_CARD[-4:]
    with pytest.raises(AnotherCard):
        cases.show_card(context, desk, case.case_id, NEW_CARD)


def test_r36_nobody_issues_a_card_that_was_not_applied_for(context, holder, given):
    for state in set(CardState) - {CardState.REPLACEMENT_APPLIED}:
        held = holder(state=state)
        with pytest.raises(StateConflict):
            replacement.issue_replacement(*given(held), NEW_CARD)
        with pytest.raises(StateConflict):
            replacement.hand_over_replacement(*given(held), NEW_CARD, SEEN)
        assert card_state(context, held) is state and waiting(context, held) is None


def test_r36_only_a_branch_issues_and_hands_over(context, waits, holder):
    held, other = waits(), holder(state=CardState.REPLACEMENT_APPLIED)
    for door in set(Door) - {Door.BRANCH}:
        actor = somebody_at(door, "s", "w")
        with pytest.raises(NotOnThisDoor):
            replacement.issue_replacement(context, actor, other.person_id, other.card_id, ANOTHER)
        with pytest.raises(NotOnThisDoor):
            replacement.hand_over_replacement(context, actor, held.person_id, held.card_id, NEW_CARD, SEEN)
    assert card_state(context, held) is CardState.REPLACEMENT_APPLIED and waiting(context, other) is None


@pytest.mark.parametrize(
    ("number", "reason"), [("C000000", "length"), (NEW_CARD[:-1] + "4", "check"), ("C00000O1X", "characters")]
)
def test_r36_a_number_that_no_card_can_have_is_not_recorded(context, holder, given, number, reason):
    held = holder(state=CardState.REPLACEMENT_APPLIED)
    with pytest.raises(MalformedNumber) as refused:
        replacement.issue_replacement(*given(held), number)
    assert refused.value.reason == reason and waiting(context, held) is None


def test_r36_a_number_that_somebody_has_or_waits_for_is_not_recorded(context, holder, waits, given):
    held, other, ended = holder(state=CardState.REPLACEMENT_APPLIED), holder(), holder(state=CardState.CANCELLED)
    waits(NEW_CARD)
    for number in (held.card_number, other.card_number, ended.card_number, NEW_CARD):
        with pytest.raises(MalformedNumber) as refused:
            replacement.issue_replacement(*given(held), number)
        assert refused.value.reason == "taken"
    assert waiting(context, held) is None and card_state(context, held) is CardState.REPLACEMENT_APPLIED
    assert {outcome for _, outcome in outcomes(context, held)} == {"malformed_number kind=card reason=taken"}


def test_r36_a_misprint_is_corrected_and_on_record(context, waits, given):
    held, other = waits(NEW_CARD), waits(ANOTHER)
    right = card_number(3, "C")
    with pytest.raises(MalformedNumber):
        replacement.issue_replacement(*given(held), ANOTHER, instead_of=1)
    assert waiting(context, held) == "*****" + NEW_CARD[-4:]  # as it was before
    replacement.issue_replacement(*given(held), right, instead_of=1)
    assert waiting(context, held) == "*****" + right[-4:]
    with pytest.raises(NotTheNewCard):
        replacement.hand_over_replacement(*given(held), NEW_CARD, SEEN)
    replacement.hand_over_replacement(*given(held), right, SEEN)
    assert [outcome for _, outcome in outcomes(context, held)] == [
        "new_card_issued",
        "malformed_number kind=card reason=taken",
        "new_card_corrected",
        "not_the_new_card",
        "new_card_handed_over",
    ]
    replacement.issue_replacement(*given(other), NEW_CARD, instead_of=1)  # the misprint is nobody's any more


def test_r36_a_card_is_handed_over_against_a_document_and_only_the_one_that_was_issued(
    context, waits, holder, given, caller
):
    held, other = waits(NEW_CARD, pin="739164"), waits(ANOTHER)
    for documents in (set(), {Document.REGISTRATION_FORM}, {Document.SOCIAL_SECURITY_CARD}):
        with pytest.raises(DocumentsMissing):
            replacement.hand_over_replacement(*given(held), NEW_CARD, documents)
    for number in (ANOTHER, held.card_number, card_number(3, "C")):
        with pytest.raises(NotTheNewCard):
            replacement.hand_over_replacement(*given(held), number, SEEN)
    with pytest.raises(NotTheNewCard):
        unmade = holder(state=CardState.REPLACEMENT_APPLIED)
        replacement.hand_over_replacement(*given(unmade), card_number(3, "C"), SEEN)
    for each in (held, other, unmade):
        assert card_state(context, each) is CardState.REPLACEMENT_APPLIED
    assert waiting(context, held) == "*****" + NEW_CARD[-4:] and waiting(context, other) == "*****" + ANOTHER[-4:]
    assert caller.identify(held.id_number, "739164").card_id == held.card_id


def test_r37_of_two_clerks_who_hand_over_at_once_one_succeeds_and_the_other_is_told(context, waits, given, caller):
    held = waits()
    hand_over = partial(replacement.hand_over_replacement, *given(held), NEW_CARD, SEEN)
    assert sorted(at_once(hand_over, hand_over)) == ["done", "state_conflict state=replaced"]
    assert caller.identify(held.id_number, "123456").card_state is CardState.ACTIVE


def test_r37_of_two_clerks_who_record_a_number_at_once_one_succeeds_and_the_other_is_told(context, holder, given):
    held = holder(state=CardState.REPLACEMENT_APPLIED)
    issue = partial(replacement.issue_replacement, *given(held))
    for edition in (0, 1):
        steps = [partial(issue, number, instead_of=edition) for number in (NEW_CARD, ANOTHER)]
        assert sorted(at_once(*steps)) == ["done", "state_conflict state=replacement_applied"]
    assert waiting(context, held) is not None


def test_r37_a_correction_and_a_handing_over_at_once_leave_one_of_both(context, waits, given):
    held = waits()
    answers = at_once(
        partial(replacement.issue_replacement, *given(held), ANOTHER, instead_of=1),
        partial(replacement.hand_over_replacement, *given(held), NEW_CARD, SEEN),
    )
    if card_state(context, held) is CardState.REPLACED:
        assert answers == ["state_conflict state=replaced", "done"] and waiting(context, held) is None
    else:
        assert answers == ["done", "not_the_new_card"] and waiting(context, held) == "*****" + ANOTHER[-4:]


def test_r37_of_two_branches_that_record_one_number_at_once_one_is_told(context, holder, given):
    lost = [holder(state=CardState.REPLACEMENT_APPLIED) for _ in range(2)]
    answers = at_once(*(partial(replacement.issue_replacement, *given(held), NEW_CARD) for held in lost))
    assert sorted(answers) == ["done", "malformed_number kind=card reason=taken"]
    assert [waiting(context, held) is not None for held in lost] == [told == "done" for told in answers]


def test_r36_a_number_that_the_offices_data_gave_to_another_meanwhile_is_not_handed_over(
    context, waits, holder, given, caller
):
    held = waits(NEW_CARD, pin="739164")
    holder(card_number=NEW_CARD)
    with pytest.raises(MalformedNumber) as refused:
        replacement.hand_over_replacement(*given(held), NEW_CARD, SEEN)
    assert refused.value.reason == "taken" and card_state(context, held) is CardState.REPLACEMENT_APPLIED
    replacement.issue_replacement(*given(held), ANOTHER, instead_of=1)
    replacement.hand_over_replacement(*given(held), ANOTHER, SEEN)
    assert caller.identify(held.id_number, "123456")


def test_r50_a_card_that_the_offices_data_ends_leaves_no_new_one_in_the_drawer(context, waits, bureau, given):
    held = waits()
    bureau.writes("cards.csv", f"{held.card_number},{held.id_number},2020-01-01,cancelled,")
    assert bureau.imports() == []
    assert card_state(context, held) is CardState.CANCELLED and waiting(context, held) is None
    assert (
        answer(partial(replacement.hand_over_replacement, *given(held), NEW_CARD, SEEN))
        == "state_conflict state=cancelled"
    )
