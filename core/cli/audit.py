"""python -m core audit: seal what happened, and find out whether somebody touched it (R8)."""

from __future__ import annotations

import click

from core.audit.chain import check_audit, seal_audit
from core.cli.common import shell_actor, the_context


@click.group("audit")
def audit_group() -> None:
    """The record of every operation, and its chain of seals."""


@audit_group.command("seal")
def seal() -> None:
    """Seal what was recorded since the last time. The running hotline or site does so by itself."""
    with the_context() as context:
        click.echo(f"{seal_audit(context, thorough=True)} rows sealed.")


@audit_group.command("check")
@click.option("--expect", default="", metavar="HEAD", help="A head that was noted earlier: it must be in the chain.")
def check(expect: str) -> None:
    """Seal, then check the whole chain; exit code 1 names what was changed, removed or slipped in.

    Note the head down somewhere else: rows cut off at the end are only seen by comparing with it (--expect).
    """
    with the_context() as context:
        found = check_audit(context, shell_actor(), expect)
    click.echo(f"links: {found.links}")
    click.echo(f"head: {found.head or '-'}")
    if found.expected_at:
        click.echo(f"expected head: link {found.expected_at} of {found.links}")
    for problem in found.problems:
        click.echo(problem, err=True)
    if found.problems:
        raise click.ClickException("The audit was tampered with.")
    if expect and not found.expected_at:
        raise click.ClickException(
            "The expected head is not in the chain: rows were cut off, or it is another database's."
        )
    click.echo("The chain is whole.")
