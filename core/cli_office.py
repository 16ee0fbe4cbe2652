"""python -m core pin, loss: what an office may have to do from the shell."""

from __future__ import annotations

import click
from sqlalchemy import select

from core import attempts, audit
from core.cli_common import shell_actor, the_office
from core.errors import MalformedNumber
from core.identification import card_subject
from core.loss import lapse_reports, waiting_reports
from core.numbers import mask_id_number, parse_id_number
from core.permissions import Operation, require
from core.schema import Card, CardState, Person

UNLOCK = "unlock the PIN"


@click.group("pin")
def pin_group() -> None:
    """PINs: a lock can be taken away, a PIN can't be seen or set from here."""


@pin_group.command("unlock")
def unlock() -> None:
    """Clear the count of wrong PINs, so that a locked PIN can be used again. The PIN stays what it is.

    The ID number is asked for, so that it stands neither in the process list nor in the shell's history.
    A forgotten PIN is reset at a branch or the service centre instead (R26).
    """
    try:
        number = parse_id_number(click.prompt("ID number", hide_input=True))
    except MalformedNumber as error:
        raise click.ClickException("This is not a valid ID number.") from error
    count = 0
    with the_office() as office, office.transaction() as session:
        actor = shell_actor()
        require(actor.door, Operation.RESET_PIN)
        card = session.execute(
            select(Card.id, Card.person_id)
            .join(Person, Person.id == Card.person_id)
            .where(Person.id_number == number, Card.state.not_in([CardState.REPLACED, CardState.CANCELLED]))
        ).first()
        if card:
            count = attempts.wrong_in_a_row(session, card_subject(card.id))
            attempts.clear(session, card_subject(card.id))
        person_id, outcome = (card.person_id, "done") if card else (None, "no card")
        audit.record(session, actor, UNLOCK, person_id, outcome, office.now())
    if not card:
        raise click.ClickException("Nobody with this ID number holds a card in use.")
    click.echo(f"{mask_id_number(number)}: {count} wrong PINs in a row were cleared.")


@click.group("loss")
def loss_group() -> None:
    """Loss reports."""


@loss_group.command("list")
def list_() -> None:
    """Reports that still wait to be written up at a branch, oldest first, numbers masked."""
    with the_office() as office, office.transaction() as session:
        waiting = waiting_reports(session)
    for report in waiting:
        when = report.reported_at.astimezone(office.settings.zone)
        numbers = f"card {report.masked_card_number}  ID {report.masked_id_number}"
        click.echo(f"{report.reference}  {when:%Y-%m-%d %H:%M}  {report.reported_by:7}  {numbers}")
    click.echo(f"{len(waiting)} waiting.")


@loss_group.command("lapse")
def lapse() -> None:
    """Put back in use the cards whose telephone report was not written up in its term (R31)."""
    with the_office() as office:
        if office.settings.loss_report_term_days is None:
            click.echo("Reports have no term (HOTLINE_LOSS_REPORT_TERM_DAYS is not set): nothing lapses.")
        else:
            click.echo(f"{lapse_reports(office)} reports lapsed.")
