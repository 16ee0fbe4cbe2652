"""Staff: hired, signed in with three things at once, and gone (R5, R8)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from core.errors import HotlineError, LoginTaken, NotFound, NotYourRole, SourceRefused, StaffRefused, WeakPassword
from core.permissions import require_role
from core.records.schema import AuditEvent, Staff
from core.staffed import staff
from core.values import STAFF_ROLES, Door, OtherOperation, Role
from tests.support.core.audit import audited, told
from tests.support.core.staffing import ADMINISTRATOR, OFFICES, signed_in

NEW = "quite another password"


def refusal(context, login: str, password: str, code: str, address: str = "192.0.2.1") -> str:
    """What somebody is told who is not let in."""
    with pytest.raises(HotlineError) as refused:
        staff.sign_in(context, address, login, password, code)
    return f"{type(refused.value).__name__}: {refused.value}"


def audit_of(context, operation: str) -> list[tuple[str, str, str]]:
    with context.transaction() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.operation == operation).order_by(AuditEvent.id))
        return [(event.who, event.office, told(event)) for event in events]


@pytest.mark.parametrize("door", OFFICES)
def test_login_password_and_code_together_say_who_it_is_and_where(context, hired, door):
    clerk = hired(door)
    member = signed_in(context, clerk)
    assert (member.login, member.office, member.door, member.role) == (clerk.login, OFFICES[door], door, Role.CLERK)
    assert not member.password_is_initial
    assert member.actor.who == f"staff:{clerk.login}" and member.actor.office == OFFICES[door]
    assert audit_of(context, OtherOperation.STAFF_SIGN_IN) == [(f"staff:{clerk.login}", OFFICES[door], "done")]


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_what_one_role_does_the_other_does_not(context, hired, role):
    member = signed_in(context, hired(role=role))
    (other,) = set(STAFF_ROLES) - {role}
    require_role(member.actor, role)
    with pytest.raises(NotYourRole):
        require_role(member.actor, other)


def test_whatever_is_wrong_the_answer_is_the_same(context, hired):
    clerk, code = hired(), hired().code(context)
    right = clerk.code(context)
    answers = {
        refusal(context, clerk.login, "not the password", right),
        refusal(context, clerk.login, clerk.password, code),
        refusal(context, clerk.login, clerk.password, "口令"),
        refusal(context, clerk.login, clerk.password, ""),
        refusal(context, "nobody", clerk.password, right),
        refusal(context, "", "", ""),
        refusal(context, "\0", "\0", "\0"),
    }
    assert len(answers) == 1
    assert signed_in(context, clerk)


def test_a_login_may_be_typed_in_capitals_and_a_code_as_the_telephone_shows_it(context, hired):
    clerk = hired()
    code = clerk.code(context)
    assert staff.sign_in(context, "a", f" {clerk.login.upper()} ", clerk.password, f"{code[:3]} {code[3:]}")


def test_a_code_signs_in_once(context, hired, clock):
    clerk = hired()
    signed_in(context, clerk)
    with pytest.raises(StaffRefused):
        signed_in(context, clerk)
    clock.passes(seconds=30)
    assert signed_in(context, clerk)


def test_a_code_that_a_later_one_has_overtaken_is_dead(context, hired, clock):
    clerk = hired()
    earlier = clerk.code(context)
    clock.passes(seconds=30)
    signed_in(context, clerk)
    assert refusal(context, clerk.login, clerk.password, earlier).startswith("StaffRefused")


def test_a_clock_may_be_half_a_minute_off_and_no_more(context, hired, clock):
    clerk = hired()
    code = clerk.code(context)
    clock.passes(seconds=60)
    assert refusal(context, clerk.login, clerk.password, code).startswith("StaffRefused")
    clock.passes(seconds=-30)
    assert staff.sign_in(context, "a", clerk.login, clerk.password, code)


def test_of_two_at_once_with_the_same_code_one_comes_in(context, hired):
    clerk = hired()
    code = clerk.code(context)

    def try_it(_) -> bool:
        try:
            return bool(staff.sign_in(context, "a", clerk.login, clerk.password, code))
        except StaffRefused:
            return False

    with ThreadPoolExecutor(4) as crowd:
        assert sorted(crowd.map(try_it, range(4))) == [False, False, False, True]


def test_r5_an_address_that_guesses_too_often_is_refused_for_an_hour(context, hired, clock):
    clerk = hired()
    for guess in range(context.settings.source_wrong_limit + 1):
        assert refusal(context, f"login-{guess}", "a guess", "000000").startswith("StaffRefused")
    assert refusal(context, clerk.login, clerk.password, clerk.code(context)).startswith("SourceRefused")
    assert staff.sign_in(context, "198.51.100.7", clerk.login, clerk.password, clerk.code(context))
    clock.passes(hours=1)
    assert signed_in(context, clerk)
    assert audit_of(context, OtherOperation.STAFF_SIGN_IN)[-3][2] == "source_refused"


def test_r5_a_login_that_is_guessed_at_from_everywhere_is_refused_for_an_hour(context, hired, clock):
    clerk = hired()
    for guess in range(context.settings.source_wrong_limit + 1):
        refusal(context, clerk.login, "a guess", "000000", address=f"192.0.2.{guess}")
    with pytest.raises(SourceRefused):
        signed_in(context, clerk)
    clock.passes(hours=1)
    assert signed_in(context, clerk)


def test_a_guess_names_the_login_only_where_there_is_one(context, hired):
    clerk = hired()
    refusal(context, clerk.login, "a guess", "000000")
    refusal(context, "somebody-else", "a guess", "000000")
    assert audit_of(context, OtherOperation.STAFF_SIGN_IN) == [
        (f"staff:{clerk.login}", clerk.office, "staff_refused"),
        ("staff:unknown", "", "staff_refused"),
    ]


def test_somebody_who_was_dismissed_comes_in_no_more_and_their_login_stays_taken(context, hired):
    clerk = hired()
    staff.dismiss(context, ADMINISTRATOR, clerk.staff_id)
    assert refusal(context, clerk.login, clerk.password, clerk.code(context)).startswith("StaffRefused")
    with pytest.raises(LoginTaken):
        staff.hire(context, ADMINISTRATOR, clerk.login, "别人", Role.CLERK, clerk.office)
    with pytest.raises(NotFound):
        staff.dismiss(context, ADMINISTRATOR, clerk.staff_id)
    with pytest.raises(NotFound):
        staff.renew_credentials(context, ADMINISTRATOR, clerk.staff_id)


def test_r8_who_comes_to_an_office_and_who_goes_is_on_record_and_so_is_who_was_not_taken(context, hired):
    clerk = hired()
    for login, place, refused in ((clerk.login, clerk.office, LoginTaken), ("somebody", "没有这个网点", NotFound)):
        with pytest.raises(refused):
            staff.hire(context, ADMINISTRATOR, login, "别人", Role.CLERK, place)
    staff.renew_credentials(context, ADMINISTRATOR, clerk.staff_id)
    staff.dismiss(context, ADMINISTRATOR, clerk.staff_id)
    assert audited(context, OtherOperation.MANAGE_STAFF) == [
        f"hired login={clerk.login} office={clerk.office} role=clerk",
        f"login_taken login={clerk.login} office={clerk.office} role=clerk",
        "not_found login=somebody office=没有这个网点 role=clerk what=office",
        f"credentials_renewed login={clerk.login}",
        f"dismissed login={clerk.login}",
    ]
    assert {row[:2] for row in audit_of(context, OtherOperation.MANAGE_STAFF)} == {
        (ADMINISTRATOR.who, ADMINISTRATOR.office)
    }


def test_renewed_credentials_replace_the_old_ones(context, hired):
    clerk = hired()
    shown = staff.renew_credentials(context, ADMINISTRATOR, clerk.staff_id)
    assert refusal(context, clerk.login, clerk.password, clerk.code(context)).startswith("StaffRefused")
    assert signed_in(context, replace(clerk, password=shown.password, otpauth=shown.otpauth)).password_is_initial


def test_a_first_password_is_changed_into_ones_own(context, hired, clock):
    clerk = hired(initial=True)
    member = signed_in(context, clerk)
    assert member.password_is_initial
    staff.choose_password(context, member, clerk.password, NEW, NEW)
    assert audited(context, OtherOperation.CHOOSE_PASSWORD) == ["done"]
    clock.passes(seconds=30)
    assert refusal(context, clerk.login, clerk.password, clerk.code(context)).startswith("StaffRefused")
    assert not signed_in(context, clerk.with_password(NEW)).password_is_initial


@pytest.mark.parametrize(
    ("new", "again", "why"),
    [
        (NEW, NEW + "x", "weak_password reason=mismatch"),
        ("short", "short", "weak_password reason=too_simple"),
        ("aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa", "weak_password reason=too_simple"),
        ("a password for tests", "a password for tests", "weak_password reason=same_as_before"),
    ],
)
def test_a_new_password_that_is_weak_is_refused_and_the_old_one_stays(context, hired, clock, new, again, why):
    clerk = hired()
    with pytest.raises(WeakPassword, match=why):
        staff.choose_password(context, signed_in(context, clerk), clerk.password, new, again)
    clock.passes(seconds=30)
    assert signed_in(context, clerk)
    assert audit_of(context, OtherOperation.CHOOSE_PASSWORD)[-1][2] == why


def test_a_new_password_of_twelve_characters_of_which_five_differ_is_strong_enough(context, hired, clock):
    clerk = hired()
    member = signed_in(context, clerk)
    for weak in ("abcdeabcdea", "abcdabcdabcd"):
        with pytest.raises(WeakPassword, match="too_simple"):
            staff.choose_password(context, member, clerk.password, weak, weak)
    staff.choose_password(context, member, clerk.password, "abcdeabcdeab", "abcdeabcdeab")
    clock.passes(seconds=30)
    assert signed_in(context, clerk.with_password("abcdeabcdeab"))


def test_a_password_with_ones_own_login_in_it_is_weak(context, hired):
    clerk = hired()
    new = f"it is {clerk.login.upper()} again"
    with pytest.raises(WeakPassword):
        staff.choose_password(context, signed_in(context, clerk), clerk.password, new, new)


def test_only_the_old_password_opens_the_way_to_a_new_one(context, hired):
    clerk = hired()
    member = signed_in(context, clerk)
    for new in (NEW, "short"):  # what is weak about the new one is told to nobody else
        with pytest.raises(StaffRefused):
            staff.choose_password(context, member, "not the password", new, new)
    assert audited(context, OtherOperation.CHOOSE_PASSWORD) == ["staff_refused", "staff_refused"]


def test_who_lost_a_first_password_meanwhile_does_not_get_it_back_by_choosing(context, hired, monkeypatch):
    """An administrator renews while the choice is on its way: the renewal stands."""
    clerk = hired()
    member = signed_in(context, clerk)
    hash_it = context.vault.hash
    monkeypatch.setattr(
        context.vault,
        "hash",
        lambda secret: hash_it(secret) if secret != NEW else (renew(), hash_it(secret))[1],
    )

    def renew() -> None:
        staff.renew_credentials(context, ADMINISTRATOR, clerk.staff_id)

    with pytest.raises(StaffRefused):
        staff.choose_password(context, member, clerk.password, NEW, NEW)
    with context.transaction() as session:
        assert session.get_one(Staff, clerk.staff_id).password_is_initial


@pytest.mark.parametrize("login", ["A", "a", "1ab", "a b", "a" * 33, "名字", "a/b", ""])
def test_a_login_has_a_plain_form(context, hired, login):
    hired()
    with pytest.raises(ValueError, match="a login is"):
        staff.hire(context, ADMINISTRATOR, login, "某人", Role.CLERK, OFFICES[Door.BRANCH])


def test_nobody_is_hired_by_an_office_that_there_is_not(context):
    with pytest.raises(NotFound):
        staff.hire(context, ADMINISTRATOR, "somebody", "某人", Role.CLERK, "没有这个网点")
    assert staff.everybody(context, ADMINISTRATOR) == []


def test_the_database_alone_gives_nobody_a_code(context, hired):
    clerk = hired()
    with context.transaction() as session:
        row = session.get_one(Staff, clerk.staff_id)
        kept = {str(getattr(row, column.key)) for column in Staff.__table__.columns}
    key = clerk.otpauth.split("secret=")[1].split("&")[0]
    assert not any(key in value or clerk.password in value for value in kept)
    assert clerk.password not in repr(clerk) and key not in repr(clerk)


def test_r8_a_clerk_who_tries_to_manage_staff_is_refused_and_on_record(context, hired):
    clerk = hired()
    actor = signed_in(context, clerk).actor
    for manage in (
        lambda: staff.hire(context, actor, "somebody", "别人", Role.CLERK, clerk.office),
        lambda: staff.renew_credentials(context, actor, clerk.staff_id),
        lambda: staff.dismiss(context, actor, clerk.staff_id),
    ):
        with pytest.raises(NotYourRole):
            manage()
    refused = [told for who, _, told in audit_of(context, OtherOperation.MANAGE_STAFF) if who == actor.who]
    assert [told.split()[0] for told in refused] == ["not_your_role"] * 3
