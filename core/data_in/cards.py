"""cards.csv: the one file that meets rows which citizens and clerks change too.

The rule, simple and safe:

- A new card is taken as the file has it. Without a PIN it has the default one. A card that comes in lost
  gets an open loss report with a reference, so that every counter finds it (R31).
- A known card keeps its state and its PIN, whatever the file says: an older list must not put a lost card
  back into use, undo a release, or bring back a PIN that the person has changed.
- Only an end is taken over, `replaced` or `cancelled`: no list can be out of date about an end, and nothing
  comes back from one. It closes an open loss report and leaves an audit row of the person's (R8, R47).
- A person has one card in use. A second is a bad row; so is a known card under another person's name.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

from sqlalchemy import Row as Known
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.record import record
from core.cards import loss, replacement
from core.context import CoreContext
from core.data_in.references import Reject
from core.data_in.scratch import Row, Spool
from core.identity.visits import end_sessions
from core.records.database import rows_changed
from core.records.schema import Card, LossReport
from core.values import ENDED_STATES, LOST_STATES, CardState, OtherOperation, Outcome
from core.vault import DEFAULT_PIN


def hash_new_pins(context: CoreContext, batch: list[Row], _reject: Reject) -> list[Row]:
    """`pin` becomes `pin_hash`: only a new card's PIN is taken, and no PIN goes any further than here (R6)."""
    with context.transaction() as session:
        known = set(_known(session, batch))
    pins = {}
    for line, values in batch:
        pin = values.pop("pin")
        if pin not in ("", DEFAULT_PIN) and values["card_number"] not in known:
            pins[line] = pin
        values["pin_hash"] = None
    with ThreadPoolExecutor(context.settings.hash_jobs) as threads:
        hashes = dict(zip(pins, threads.map(context.vault.hash, pins.values()), strict=True))
    for line, values in batch:
        values["pin_hash"] = hashes.get(line)
    return batch


def write(session: Session, spool: Spool, actor: Actor, now: datetime, reject: Reject) -> None:
    """Put the cards of one file in. What the file ends goes first: its successor may stand anywhere."""
    for batch in spool.batches():
        _end(session, batch, actor, now)
    for batch in spool.batches():
        _add(session, _without_known(session, batch, reject), actor, now, reject)


def _end(session: Session, batch: list[Row], actor: Actor, now: datetime) -> None:
    known = _known(session, batch)
    for _, values in batch:
        card = known.get(values["card_number"])
        if values["state"] in ENDED_STATES and card and card.person_id == values["person_id"]:
            end = values["state"]
            ended = session.execute(
                update(Card).where(Card.id == card.id, Card.state.not_in(ENDED_STATES)).values(state=end)
            )
            if rows_changed(ended):
                loss.close_report(session, card.id, end.value, now)
                replacement.take_new_card(session, card.id)
                end_sessions(session, card.person_id, now)
                record(
                    session,
                    actor,
                    OtherOperation.IMPORT,
                    card.person_id,
                    Outcome.CARD_ENDED,
                    now,
                    state=end.value,
                )


def _without_known(session: Session, batch: list[Row], reject: Reject) -> list[Row]:
    """The new cards. Of the known ones, the day of issue is brought up to date."""
    known, new, days = _known(session, batch), [], []
    for line, values in batch:
        card = known.get(values["card_number"])
        if card is None:
            new.append((line, values))
        elif card.person_id != values["person_id"]:
            reject(line, "this card_number belongs to another person")
        elif card.issued_on != values["issued_on"]:
            days.append({"card": card.id, "day": values["issued_on"]})
    if days:
        card_table = Card.__table__
        statement = update(card_table).where(card_table.c.id == bindparam("card")).values(issued_on=bindparam("day"))
        session.connection().execute(statement, days)
    return new


def _add(session: Session, batch: list[Row], actor: Actor, now: datetime, reject: Reject) -> None:
    people = {values["person_id"] for _, values in batch}
    holding: set[object] = set(
        session.scalars(select(Card.person_id).where(Card.person_id.in_(people), Card.state.not_in(ENDED_STATES)))
    )
    new = []
    for line, values in batch:
        if values["state"] not in ENDED_STATES:
            if values["person_id"] in holding:
                reject(line, "this person has another card in use")
                continue
            holding.add(values["person_id"])
        new.append({**values, "suffix": str(values["card_number"])[1:]})
    if not new:
        return
    session.connection().execute(insert(Card.__table__), new)
    lost = [card["card_number"] for card in new if card["state"] in LOST_STATES]
    for card_id, state in session.execute(select(Card.id, Card.state).where(Card.card_number.in_(lost))).tuples():
        loss.open_report(session, "import", card_id, now)  # by which channel, the file does not say
        if state is not CardState.LOSS_REPORTED:
            session.execute(
                update(LossReport)
                .where(LossReport.card_id == card_id, LossReport.closed_at.is_(None))
                .values(written_at=now, written_document="imported")
            )


def _known(session: Session, batch: list[Row]) -> dict[object, Known[tuple[str, int, int, CardState, date]]]:
    """The cards of this batch that are in the database, by number."""
    numbers = [values["card_number"] for _, values in batch]
    cards = session.execute(
        select(Card.card_number, Card.id, Card.person_id, Card.state, Card.issued_on).where(
            Card.card_number.in_(numbers)
        )
    )
    return {card.card_number: card for card in cards}
