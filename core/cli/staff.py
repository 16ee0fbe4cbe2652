"""python -m core staff, kiosk: the first administrator, and help for one who lost their credentials."""

from __future__ import annotations

import click
import segno

from core.cli.common import shell_actor, the_context
from core.cli.words import refusal
from core.context import CoreContext
from core.enquiries import offices
from core.errors import HotlineError
from core.staffed import kiosks, staff
from core.staffed.staff import Credentials
from core.values import Role


@click.group("staff")
def staff_group() -> None:
    """Who signs in at the counters. Administrators do the same on the page."""


@staff_group.command("add")
@click.argument("login")
@click.option("--name", prompt=True, help="As people write it.")
@click.option("--office", "office_name", prompt=True, help="The office's name, as in offices.csv.")
@click.option("--administrator", is_flag=True, help="Manages staff, offices and kiosks; serves nobody.")
def add(login: str, name: str, office_name: str, administrator: bool) -> None:
    """Add LOGIN, and show the first password and the QR code of the one-time codes: once, and never again."""
    with the_context() as context:
        try:
            role = Role.ADMINISTRATOR if administrator else Role.CLERK
            shown = staff.hire(context, shell_actor(), login, name, role, office_name)
        except (HotlineError, ValueError) as error:
            told = refusal(error) if isinstance(error, HotlineError) else error
            raise click.ClickException(f"{login} was not added: {told}.") from error
    _show(shown)


@staff_group.command("list")
def list_() -> None:
    """Everybody, those who work here first."""
    with the_context() as context:
        for member, _, left_at in staff.everybody(context, shell_actor()):
            gone = f"  left {left_at:%Y-%m-%d}" if left_at else ""
            click.echo(f"{member.login:20} {member.role.value:14} {member.office}  {member.name}{gone}")


@staff_group.command("renew")
@click.argument("login")
def renew(login: str) -> None:
    """A first password and one-time codes anew, for somebody who lost theirs."""
    with the_context() as context:
        _show(staff.renew_credentials(context, shell_actor(), _working(context, login)))


@staff_group.command("dismiss")
@click.argument("login")
def dismiss(login: str) -> None:
    """LOGIN signs in no more; where they are signed in now, that ends."""
    with the_context() as context:
        staff.dismiss(context, shell_actor(), _working(context, login))
    click.echo(f"{login} signs in no more.")


@click.group("kiosk")
def kiosk_group() -> None:
    """The touch screens in the halls."""


@kiosk_group.command("enrol")
@click.option("--name", prompt=True, help="Where it stands.")
@click.option("--office", "office_name", prompt=True, help="The office's name, as in offices.csv.")
def enrol(name: str, office_name: str) -> None:
    """Enrol a kiosk, and show the key to enter there: once, and never again."""
    with the_context() as context:
        try:
            key = kiosks.enrol(context, shell_actor(), name, office_name)
        except HotlineError as error:
            raise click.ClickException(f"The kiosk was not enrolled: {refusal(error)}.") from error
    click.echo(f"Open /kiosk in the kiosk's browser and enter this key: {kiosks.written_key(key)}")


@click.command("offices")
def offices_command() -> None:
    """The offices that staff and kiosks can belong to."""
    with the_context() as context:
        for each in offices.find(context).offices:
            click.echo(f"{each.name}  ({each.door.value}, {each.district})")


def _working(context: CoreContext, login: str) -> int:
    for member, _, left_at in staff.everybody(context, shell_actor()):
        if member.login == login and left_at is None:
            return member.staff_id
    raise click.ClickException(f"Nobody who works here has the login {login}.")


def _show(shown: Credentials) -> None:
    click.echo(f"login: {shown.login}\nfirst password: {shown.password}  (to be changed at the first sign-in)")
    click.echo("Scan this with an authenticator app (TOTP), or enter the key below it:")
    segno.make(shown.otpauth, error="m").terminal(border=2, compact=True)
    click.echo(shown.otpauth)
