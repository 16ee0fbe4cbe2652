"""python -m core audit: seal what happened, and find out whether somebody touched it (R8)."""

from __future__ import annotations

import click
from sqlalchemy import select

from core import audit
from core.cli_common import the_office
from core.database import reading
from core.schema import AuditSeal


@click.group("audit")
def audit_group() -> None:
    """The record of every operation, and its chain of seals."""


@audit_group.command("seal")
def seal() -> None:
    """Seal what was recorded since the last time. The running hotline does so by itself."""
    with the_office() as office:
        click.echo(f"{office.seal_audit(thorough=True)} rows sealed.")


@audit_group.command("check")
@click.option("--expect", metavar="HEAD", help="A head that was noted earlier: it must still be in the chain.")
def check(expect: str | None) -> None:
    """Seal, then check the whole chain; exit code 1 names what was changed, removed or slipped in.

    Note the head down somewhere else: rows cut off at the end are only seen by comparing with it (--expect).
    """
    with the_office() as office:
        office.seal_audit(thorough=True)
        with reading(office.engine) as session:
            found = audit.check(session, office.keys.audit)
            noted = session.scalar(select(AuditSeal.position).where(AuditSeal.digest == expect)) if expect else None
    click.echo(f"links: {found.links}")
    click.echo(f"head: {found.head or '-'}")
    problems = list(found.problems)
    if noted:
        click.echo(f"expected head: link {noted} of {found.links}")
    elif expect:
        problems.append("the expected head is not in the chain: rows were cut off, or it is another database's")
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.ClickException(
            "The audit was tampered with." if found.problems else problems[-1].capitalize() + "."
        )
    click.echo("The chain is whole.")
