"""A lost card, from the report to its release (R30, R31, R32, R33, R34, R35, R36, R37)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from core.cards import loss, replacement
from core.errors import DocumentsMissing, HotlineError, NotOnThisDoor, StateConflict
from core.records.schema import LossReport, Person
from core.values import CardState, Document, Door
from tests.support.core.audit import outcomes
from tests.support.core.people import card_state, somebody_at

FORM = {Document.RESIDENT_ID_CARD, Document.REGISTRATION_FORM}
FOUND = {Document.SOCIAL_SECURITY_CARD, Document.HOUSEHOLD_CERTIFICATE}


def test_r30_r31_a_report_puts_the_card_out_of_use_and_gives_a_reference(context, caller, holder):
    held = holder()
    report = caller.report_loss(caller.identify(held.id_number, held.pin))
    assert card_state(context, held) is CardState.LOSS_REPORTED
    assert len(report.reference) == 8 and report.reference.isdigit() and not report.already_reported
    with context.transaction() as session:
        assert loss.find_report(session, report.reference).card_id == held.card_id
        assert session.get_one(Person, held.person_id).sessions_ended_at


def test_r32_a_second_report_changes_nothing_and_gives_the_same_reference(context, caller, holder):
    held = holder()
    person = caller.identify(held.id_number, held.pin)
    first, second = caller.report_loss(person), caller.report_loss(person)
    assert second.already_reported and second.reference == first.reference
    with context.transaction() as session:
        assert len(session.scalars(select(LossReport)).all()) == 1


def test_r33_enquiries_stay_possible(caller, holder):
    held = holder()
    caller.report_loss(caller.identify(held.id_number, held.pin))
    assert caller.medical_balance(caller.identify(held.id_number, held.pin)) is None


def test_r34_the_written_report_takes_a_document_and_the_form(context, caller, holder, clerk):
    held, branch = holder(), clerk(Door.BRANCH)
    caller.report_loss(caller.identify(held.id_number, held.pin))
    for documents in (set(), {Document.REGISTRATION_FORM}, {Document.RESIDENT_ID_CARD}):
        with pytest.raises(DocumentsMissing):
            loss.write_up_loss(context, branch, held.person_id, held.card_id, documents)
    loss.write_up_loss(context, branch, held.person_id, held.card_id, FORM)
    assert card_state(context, held) is CardState.LOSS_WRITTEN


def test_r35_release_is_for_a_branch_with_card_and_identity_before_a_replacement(context, caller, holder, clerk):
    held, branch = holder(), clerk(Door.BRANCH)
    person = caller.identify(held.id_number, held.pin)
    caller.report_loss(person)
    for door in Door:
        if door is not Door.BRANCH:
            with pytest.raises(NotOnThisDoor) as refused:
                loss.release_loss(context, somebody_at(door, "s", "w"), held.person_id, held.card_id, FOUND)
            assert refused.value.doors == (Door.BRANCH,)
    with pytest.raises(DocumentsMissing):
        loss.release_loss(context, branch, held.person_id, held.card_id, {Document.RESIDENT_ID_CARD})
    loss.release_loss(context, branch, held.person_id, held.card_id, FOUND)
    assert card_state(context, held) is CardState.ACTIVE
    assert caller.identify(held.id_number, held.pin)
    assert not caller.report_loss(person).already_reported


def test_r36_no_replacement_for_a_card_that_was_only_reported_by_phone(context, caller, holder, clerk):
    held = holder()
    caller.report_loss(caller.identify(held.id_number, held.pin))
    with pytest.raises(StateConflict):
        replacement.apply_for_replacement(context, clerk(Door.BRANCH), held.person_id, held.card_id)


def test_r37_of_two_clerks_at_once_one_succeeds_and_the_other_is_told(context, holder, clerk):
    held, branch = holder(state=CardState.LOSS_WRITTEN), clerk(Door.BRANCH)

    def clerks_answer(step) -> str:
        try:
            step()
        except StateConflict as conflict:
            return conflict.state.value
        return "done"

    steps = [
        lambda: replacement.apply_for_replacement(context, branch, held.person_id, held.card_id),
        lambda: loss.release_loss(context, branch, held.person_id, held.card_id, FOUND),
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(clerks_answer, steps))
    assert sorted(answers) in (["done", "replacement_applied"], ["active", "done"])


def test_r31_a_term_puts_back_what_was_not_written_up_and_by_default_there_is_none(context, caller, holder, clock):
    forgotten, written = holder(), holder()
    for held in (forgotten, written):
        caller.report_loss(caller.identify(held.id_number, held.pin))
    branch = somebody_at(Door.BRANCH, "counter", "clerk", "a branch")
    loss.write_up_loss(context, branch, written.person_id, written.card_id, FORM)
    clock.passes(days=400)
    assert loss.lapse_reports(context) == 0
    strict = replace(context, settings=replace(context.settings, loss_report_term_days=5))
    assert loss.lapse_reports(strict) == 1
    assert card_state(context, forgotten) is CardState.ACTIVE
    assert card_state(context, written) is CardState.LOSS_WRITTEN
    assert outcomes(context, forgotten)[-1] == ("loss report lapsed", "done")


def test_r8_a_refused_step_is_on_record_and_changes_nothing(context, holder, clerk):
    held = holder()
    with pytest.raises(HotlineError):
        loss.write_up_loss(context, clerk(Door.BRANCH), held.person_id, held.card_id, FORM)
    assert outcomes(context, held) == [("write up a reported loss", "state_conflict state=active")]
    assert card_state(context, held) is CardState.ACTIVE
