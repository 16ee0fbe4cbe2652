"""python -m core pin, loss: what an office may have to do from the shell."""

from __future__ import annotations

import click

from core.cards.loss import lapse_reports, list_waiting
from core.cards.pin_change import unlock_pin
from core.cli.common import shell_actor, the_context


@click.group("pin")
def pin_group() -> None:
    """PINs: a lock can be taken away, a PIN can't be seen or set from here."""


@pin_group.command("unlock")
def unlock() -> None:
    """Clear the count of wrong PINs, so that a locked PIN can be used again. The PIN stays what it is.

    The ID number is asked for, so that it stands neither in the process list nor in the shell's history.
    A forgotten PIN is reset at a branch or the service centre instead (R26).
    """
    number = click.prompt("ID number", hide_input=True)
    with the_context() as context:
        unlocked = unlock_pin(context, shell_actor(), number)
    click.echo(f"{unlocked.masked_id_number}: {unlocked.wrong_in_a_row} wrong PINs in a row were cleared.")


@click.group("loss")
def loss_group() -> None:
    """Loss reports."""


@loss_group.command("list")
def list_() -> None:
    """Reports that still wait to be written up at a branch, oldest first, numbers masked."""
    with the_context() as context:
        waiting = list_waiting(context, shell_actor())
    for report in waiting:
        when = report.reported_at.astimezone(context.settings.zone)
        numbers = f"card {report.masked_card_number}  ID {report.masked_id_number}"
        click.echo(f"{report.reference}  {when:%Y-%m-%d %H:%M}  {report.reported_by:7}  {numbers}")
    click.echo(f"{len(waiting)} waiting.")


@loss_group.command("lapse")
def lapse() -> None:
    """Put back in use the cards whose telephone report was not written up in its term (R31)."""
    with the_context() as context:
        if context.settings.loss_report_term_days is None:
            click.echo("Reports have no term (HOTLINE_LOSS_REPORT_TERM_DAYS is not set): nothing lapses.")
        else:
            click.echo(f"{lapse_reports(context)} reports lapsed.")
