"""cards.csv (R50): new cards as the file has them, known cards as the core knows them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.audit.record import history
from core.cards import loss, replacement
from core.data_in import csv_import
from core.errors import IdentificationFailed, PinLocked
from core.identity import visits
from core.records.schema import Card, LossReport, Person
from core.service import Service
from core.values import CardState, Document, Door
from tests.support.core.audit import told
from tests.support.core.bureau import ANNA, ANNAS_CARD, BERT, BERTS_CARD, OTHER_CARD, Bureau, card_number, id_number

NEW_PIN = "740218"


@pytest.fixture
def newcomer(bureau: Bureau) -> str:
    """Somebody without a card."""
    bureau.writes("people.csv", f"{id_number(3)},33,新来,渝中区,,student,")
    return id_number(3)


def card(context, number: str) -> Card:
    with context.transaction() as session:
        return session.scalars(select(Card).where(Card.card_number == number)).one_or_none()


def reports(context, number: str) -> list[LossReport]:
    with context.transaction() as session:
        return list(session.scalars(select(LossReport).join(Card).where(Card.card_number == number)))


def test_an_empty_pin_is_the_default_one(known, caller, context):
    assert caller.identify(ANNA, "123456").pin_is_default
    assert card(context, ANNAS_CARD).pin_hash is None


def test_r6_a_given_pin_of_a_new_card_works_and_is_kept_as_a_hash(bureau, newcomer, caller, context):
    assert bureau.writes("cards.csv", f"{OTHER_CARD},{newcomer},2020-01-01,active,583921").imports() == []
    assert not caller.identify(newcomer, "583921").pin_is_default
    assert card(context, OTHER_CARD).pin_hash.startswith("$argon2id$")
    with pytest.raises(IdentificationFailed):
        caller.identify(newcomer, "123456")


def test_the_default_pin_written_out_is_still_the_default(bureau, newcomer, caller):
    bureau.writes("cards.csv", f"{OTHER_CARD},{newcomer},2020-01-01,active,123456").imports()
    assert caller.identify(newcomer, "123456").pin_is_default


@pytest.mark.parametrize("pin_in_the_file", ["", "583921"])
def test_importing_again_leaves_a_pin_that_the_person_has_changed(known, caller, pin_in_the_file):
    permit = caller.check_original_pin(ANNAS_CARD[1:], "123456", ANNA)
    caller.change_pin(permit, NEW_PIN, NEW_PIN)
    assert known.writes("cards.csv", f"{ANNAS_CARD},{ANNA},2015-01-01,active,{pin_in_the_file}").imports() == []
    caller.identify(ANNA, NEW_PIN)


def test_importing_again_leaves_a_locked_pin_locked(known, caller):
    for _ in range(5):
        with pytest.raises(IdentificationFailed):
            caller.identify(ANNA, "999888")
    with pytest.raises(PinLocked):
        caller.identify(ANNA, "999888")
    known.writes("cards.csv", f"{ANNAS_CARD},{ANNA},2015-01-01,active,").imports()
    with pytest.raises(PinLocked):
        caller.identify(ANNA, "123456")


def test_r33_importing_again_puts_no_lost_card_back_into_use(known, caller, context):
    caller.report_loss(caller.identify(ANNA, "123456"))
    known.writes("cards.csv", f"{ANNAS_CARD},{ANNA},2015-01-02,active,").imports()
    held = card(context, ANNAS_CARD)
    assert held.state is CardState.LOSS_REPORTED
    assert str(held.issued_on) == "2015-01-02"
    assert [report.closed_at for report in reports(context, ANNAS_CARD)] == [None]


def test_r35_importing_an_older_list_does_not_undo_a_release(known, caller, context, clerk):
    person = caller.identify(ANNA, "123456")
    caller.report_loss(person)
    found = {Document.SOCIAL_SECURITY_CARD, Document.RESIDENT_ID_CARD}
    loss.release_loss(context, clerk(Door.BRANCH), person.person_id, person.card_id, found)
    known.writes("cards.csv", f"{ANNAS_CARD},{ANNA},2015-01-01,loss_reported,").imports()
    assert card(context, ANNAS_CARD).state is CardState.ACTIVE


@pytest.mark.parametrize("end", ["replaced", "cancelled"])
def test_a_file_can_end_a_card_and_the_end_is_on_record(known, caller, context, end):
    caller.report_loss(caller.identify(ANNA, "123456"))
    known.writes("cards.csv", f"{ANNAS_CARD},{ANNA},2015-01-01,{end},").imports()
    held = card(context, ANNAS_CARD)
    assert held.state.value == end
    (report,) = reports(context, ANNAS_CARD)
    assert report.outcome == end and report.closed_at
    with context.transaction() as session:
        assert session.get_one(Person, held.person_id).sessions_ended_at
        newest = history(session, held.person_id, context.now())[0]
        assert (newest.operation, told(newest)) == ("import", f"card_ended state={end}")
    known.writes("cards.csv", f"{ANNAS_CARD},{ANNA},2015-01-01,active,").imports()
    assert card(context, ANNAS_CARD).state.value == end, "nothing comes back from an end"


@pytest.mark.parametrize("end", ["replaced", "cancelled"])
def test_r25_whoever_is_signed_in_with_a_card_that_a_file_ends_is_signed_out(known, caller, context, clock, end):
    anna, bert = (
        visits.begin(context, Door.WEB, caller.identify(number, "123456"), context.now()) for number in (ANNA, BERT)
    )
    clock.passes(minutes=1)
    known.writes("cards.csv", f"{ANNAS_CARD},{ANNA},2015-01-02,active,").imports()
    assert visits.resume(context, Door.WEB, anna), "a file that ends nothing ends no visit"
    known.writes("cards.csv", f"{ANNAS_CARD},{ANNA},2015-01-01,{end},").imports()
    assert visits.resume(context, Door.WEB, anna) is None
    assert visits.resume(context, Door.WEB, bert), "nobody else is"
    ended_at = card_owner(context).sessions_ended_at
    clock.passes(minutes=1)
    known.imports()
    assert card_owner(context).sessions_ended_at == ended_at, "what has ended does not end again"


def card_owner(context) -> Person:
    with context.transaction() as session:
        return session.scalars(select(Person).where(Person.id_number == ANNA)).one()


def test_r36_a_new_card_that_waits_for_one_that_a_file_ends_waits_no_more(known, caller, context, clerk):
    person = caller.identify(ANNA, "123456")
    branch = clerk(Door.BRANCH)
    written = {Document.RESIDENT_ID_CARD, Document.REGISTRATION_FORM}
    loss.report_loss_in_writing(context, branch, person.person_id, person.card_id, written)
    replacement.apply_for_replacement(context, branch, person.person_id, person.card_id)
    replacement.issue_replacement(context, branch, person.person_id, person.card_id, OTHER_CARD)
    known.writes("cards.csv", f"{ANNAS_CARD},{ANNA},2015-01-01,replaced,", f"{OTHER_CARD},{ANNA},2026-01-01,active,")
    assert known.imports() == []
    with context.transaction() as session:
        assert replacement.waiting_card(session, person.card_id) is None
    assert card(context, OTHER_CARD).state is CardState.ACTIVE


@pytest.mark.parametrize("batch", [1, 2000])
@pytest.mark.parametrize("new_first", [True, False])
def test_r36_an_old_card_and_its_successor_come_in_whichever_stands_first(
    known, context, monkeypatch, batch, new_first
):
    monkeypatch.setattr(csv_import, "_BATCH", batch)
    old, new = f"{ANNAS_CARD},{ANNA},2015-01-01,replaced,", f"{OTHER_CARD},{ANNA},2026-01-01,active,"
    assert known.writes("cards.csv", *((new, old) if new_first else (old, new))).imports() == []
    assert card(context, ANNAS_CARD).state is CardState.REPLACED
    assert card(context, OTHER_CARD).state is CardState.ACTIVE


@pytest.mark.parametrize("state", ["loss_reported", "loss_written", "replacement_applied"])
def test_r31_a_new_card_that_comes_in_lost_has_a_report_with_a_reference(bureau, newcomer, context, state):
    bureau.writes("cards.csv", f"{OTHER_CARD},{newcomer},2020-01-01,{state},").imports()
    (report,) = reports(context, OTHER_CARD)
    assert len(report.reference) == 8 and report.closed_at is None
    assert (report.written_at is None) == (state == "loss_reported") and report.reported_by == "import"
    bureau.imports()
    assert len(reports(context, OTHER_CARD)) == 1


def test_a_card_of_nobody_is_a_bad_row(known, context):
    said = known.writes("cards.csv", f"{OTHER_CARD},{id_number(77)},2020-01-01,active,").imports()
    assert said == ["cards.csv, line 2: nobody in people.csv or the database has this id_number"]
    assert card(context, OTHER_CARD) is None


@pytest.mark.parametrize("batch", [1, 2000])
def test_a_second_card_in_use_is_a_bad_row(known, bureau, newcomer, context, monkeypatch, batch):
    monkeypatch.setattr(csv_import, "_BATCH", batch)
    known.writes(
        "cards.csv",
        f"{OTHER_CARD},{ANNA},2020-01-01,active,",
        f"{card_number(11)},{newcomer},2020-01-01,active,",
        f"{card_number(12)},{newcomer},2020-01-01,loss_reported,",
        f"{card_number(13)},{newcomer},2020-01-01,replaced,",
    )
    assert known.imports() == [
        "cards.csv, line 2: this person has another card in use",
        "cards.csv, line 4: this person has another card in use",
    ]
    assert (known.results["cards.csv"].rows, known.results["cards.csv"].bad) == (2, 2)


def test_strict_counts_what_shows_only_while_writing(known, context):
    known.writes("cards.csv", f"{OTHER_CARD},{ANNA},2020-01-01,active,", f"{ANNAS_CARD},{ANNA},2015-06-06,active,")
    said = known.imports(strict=True)
    assert said[-1] == "cards.csv: nothing of this file was imported: 1 bad rows, and --strict."
    assert str(card(context, ANNAS_CARD).issued_on) == "2015-01-01"


def test_a_card_does_not_change_hands(known, context):
    said = known.writes("cards.csv", f"{BERTS_CARD},{ANNA},2016-02-29,cancelled,").imports()
    assert said == ["cards.csv, line 2: this card_number belongs to another person"]
    assert card(context, BERTS_CARD).state is CardState.ACTIVE


def test_r21_two_cards_alike_in_their_last_eight_characters_come_in(bureau, newcomer, context, caller):
    bureau.writes(
        "people.csv", f"{newcomer},33,新来,渝中区,,student,", f"{id_number(4)},34,又来,渝中区,,student,"
    ).writes(
        "cards.csv",
        f"{card_number(21, '5')},{newcomer},2020-01-01,active,583921",
        f"{card_number(21, 'G')},{id_number(4)},2020-01-01,active,902716",
    )
    assert card_number(21, "5")[1:] == card_number(21, "G")[1:]
    assert bureau.imports() == []
    assert caller.needs_id_number(card_number(21, "5")[1:], "583921")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"{ANNAS_CARD[:-1]}A,{ANNA},2020-01-01,active,", "card_number has characters that don't belong there"),
        (f"A00000010,{ANNA},2020-01-01,active,", "card_number has a wrong check character"),
        (f"{ANNAS_CARD}1,{ANNA},2020-01-01,active,", "card_number has the wrong length"),
        (f"{ANNAS_CARD},{ANNA},2020-02-30,active,", "issued_on is a day that no calendar has"),
        (f"{ANNAS_CARD},{ANNA},01/02/2020,active,", "issued_on is not a day as YYYY-MM-DD"),
        (f"{ANNAS_CARD},{ANNA},2020-01-01,lost,", "state must be one of active, loss_reported, loss_written"),
        (f"{ANNAS_CARD},{ANNA},2020-01-01,active,12345", "pin is not six digits"),
        (f"{ANNAS_CARD},{ANNA},2020-01-01,583921,active", "state must be one of"),
    ],
)
def test_bad_rows_of_cards(known, row, reason):
    (said,) = known.writes("cards.csv", row).imports()
    assert said.startswith("cards.csv, line 2: ") and reason in said
    assert "583921" not in said and ANNA not in said and ANNAS_CARD not in said


def test_r50_a_card_twice_in_a_file_is_a_bad_row(known):
    row = f"{BERTS_CARD},{BERT},2016-02-29,active,"
    assert known.writes("cards.csv", row, row).imports() == ["cards.csv, line 3: the same card_number as line 2"]


def test_nobody_is_identified_by_a_card_that_was_ended(known, context, caller):
    known.writes("cards.csv", f"{ANNAS_CARD},{ANNA},2015-01-01,cancelled,").imports()
    with pytest.raises(IdentificationFailed):
        Service(context, caller.actor).identify(ANNA, "123456")
