"""The PIN pad: a second screen at a window, on which the person keys PINs that the clerk can't read.

The pad shows a code; the clerk enters it at the desk, and from then on the pad works for that desk alone. A task is
given from a case and answered once. The PINs themselves go from the pad to the core and are kept nowhere.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.audit.record import record
from core.cards import pin_change
from core.context import CoreContext
from core.errors import Detail, DocumentsMissing, HotlineError, NotFound, PadNotReady
from core.identity.tokens import digest, new_token
from core.numbers import mask_name
from core.permissions import require, require_role
from core.records.database import rows_changed, upsert
from core.records.schema import CounterCase, Person, PinPad
from core.staffed import staff_visits
from core.staffed.cases import Case, the_case
from core.staffed.staff import StaffMember
from core.staffed.staff_visits import StaffVisit
from core.values import Needed, Operation, Outcome, PadProblem, Role
from core.workload import Workload, takes

CODE_MINUTES = 10
SEEN_WITHIN_SECONDS = 20
CODE_LENGTH = 6


class PinTask(Enum):
    """What the person at the pad is asked to do."""

    CHANGE = "change"
    RESET = "reset"

    @property
    def operation(self) -> Operation:
        return Operation.CHANGE_PIN if self is PinTask.CHANGE else Operation.RESET_PIN


@dataclass(frozen=True)
class PadView:
    """What a pad shows: the code to pair it by, or whose desk it works for and what is to be done. `asked` names the
    task and the case; who keys a PIN says which of them they answer."""

    code: str | None
    clerk: StaffMember | None
    task: PinTask | None
    masked_name: str
    answer: str | None
    asked: str = ""


@dataclass(frozen=True)
class DeskPad:
    """What a desk knows of its pad, as far as it works for one case. `answer` is how the last task ended: the code of
    its outcome or of its refusal, with the details of that."""

    answers: bool
    task: PinTask | None
    answer: str | None
    answer_detail: Detail


def open_pad(context: CoreContext) -> str:
    """A new pad; returns the token for its browser."""
    token = new_token()
    with context.transaction() as session:
        _new_code(session, context, digest(token))
    return token


def look(context: CoreContext, token: str) -> PadView | None:
    """What the pad with this token shows now; None for a token of no pad. A code that ran out is made anew."""
    now = context.now()
    with context.transaction() as session:
        pad = session.execute(
            update(PinPad).where(PinPad.token_digest == digest(token)).values(seen_at=now).returning(PinPad)
        ).scalar()
        if pad is None:
            return None
        shown = pad.code if pad.code and pad.code_until > now else None
        desk, case_id, task, answer = pad.session_id, pad.case_id, pad.task, pad.answer
        name = _name_in_open_case(session, case_id)
    clerk = staff_visits.at_desk(context, desk) if desk else None
    if clerk:
        if not name:  # nothing was asked for, or the person has gone
            task = answer = None
        if task is None or case_id is None:
            return PadView(None, clerk, None, mask_name(name), answer)
        return PadView(None, clerk, PinTask(task), mask_name(name), answer, _asked(case_id, task))
    if shown is None:
        with context.transaction() as session:
            shown = _new_code(session, context, digest(token))
    return PadView(shown, None, None, "", None)


def pair(context: CoreContext, visit: StaffVisit, code: str) -> None:
    """Let the pad that shows this code work for this desk. Raises PadNotReady."""
    require_role(visit.actor, Role.CLERK)
    with context.transaction() as session:
        _let_go(session, visit)
        paired = session.execute(
            update(PinPad)
            .where(PinPad.code == code, PinPad.code_until > context.now(), PinPad.session_id.is_(None))
            .values(session_id=visit.session_id, code=None, task=None, case_id=None, answer=None)
        )
        if not rows_changed(paired):
            raise PadNotReady(PadProblem.NO_SUCH_CODE)


def let_go(context: CoreContext, visit: StaffVisit) -> None:
    """The pad works for this desk no more, and shows a code again."""
    require_role(visit.actor, Role.CLERK)
    with context.transaction() as session:
        _let_go(session, visit)


def of_desk(context: CoreContext, visit: StaffVisit, case_id: str) -> DeskPad | None:
    """This desk's pad, if it has one; what was asked and answered in another case is not told in this one."""
    require_role(visit.actor, Role.CLERK)
    with context.transaction() as session:
        pad = session.execute(
            select(PinPad.seen_at, PinPad.case_id, PinPad.task, PinPad.answer, PinPad.answer_detail).where(
                PinPad.session_id == visit.session_id
            )
        ).first()
    if pad is None:
        return None
    answers = pad.seen_at > context.now() - timedelta(seconds=SEEN_WITHIN_SECONDS)
    if pad.case_id != case_id:
        return DeskPad(answers, None, None, {})
    return DeskPad(answers, PinTask(pad.task) if pad.task else None, pad.answer, pad.answer_detail)


def ask(context: CoreContext, visit: StaffVisit, case: Case, task: PinTask) -> None:
    """Put a task on this desk's pad (section 2, R26): both want the ID document and the card.

    Raises NotOnThisDoor, DocumentsMissing or PadNotReady.
    """
    actor, now = visit.actor, context.now()
    with context.transaction() as session:
        try:
            require(actor, task.operation)
            if not case.card_shown:
                raise DocumentsMissing(Needed.CARD_AND_IDENTITY)
        except HotlineError as refusal:
            record(session, actor, task.operation, case.person.person_id, refusal, now)
            raise
        asked = session.execute(
            update(PinPad)
            .where(PinPad.session_id == visit.session_id)
            .values(task=task.value, case_id=case.case_id, answer=None)
        )
        if not rows_changed(asked):
            raise PadNotReady(PadProblem.NOT_PAIRED)


def take_back(context: CoreContext, visit: StaffVisit) -> None:
    """Whatever was asked for on the pad is asked for no more."""
    require_role(visit.actor, Role.CLERK)
    with context.transaction() as session:
        session.execute(
            update(PinPad).where(PinPad.session_id == visit.session_id).values(task=None, case_id=None, answer=None)
        )


@takes(Workload.HASH)
def key_in(context: CoreContext, token: str, asked: str, original: str, new: str, again: str) -> None:
    """What the person keyed: the task is carried out for the clerk's case, and the desk is told how it ended.

    Raises PadNotReady when what they were `asked` is asked for no more, so that nobody's PIN is keyed for another task
    or another person; and whatever the change or the reset raises. After a refusal that the person can mend the task
    stays.
    """
    with context.transaction() as session:
        pad = session.execute(
            select(PinPad.session_id, PinPad.task, PinPad.case_id).where(
                PinPad.token_digest == digest(token), PinPad.task.is_not(None)
            )
        ).first()
    if pad is None or asked != _asked(pad.case_id, pad.task):
        raise PadNotReady(PadProblem.NOT_ASKED)
    clerk = staff_visits.at_desk(context, pad.session_id)
    if clerk is None:
        raise PadNotReady(PadProblem.CLERK_GONE)
    visit = StaffVisit(clerk, pad.session_id, context.now())
    try:
        case = the_case(context, visit, pad.case_id)
    except NotFound as gone:
        raise PadNotReady(PadProblem.PERSON_GONE) from gone
    try:
        _carry_out(context, visit, case, PinTask(pad.task), original, new, again)
    except HotlineError as refusal:
        _tell_desk(context, token, pad.case_id, refusal.code, refusal.detail, ended=False)
        raise
    _tell_desk(context, token, pad.case_id, Outcome.DONE.value, {}, ended=True)


def forget_unseen(context: CoreContext) -> None:
    """Remove the pads that nobody has looked at for a day."""
    with context.transaction() as session:
        session.execute(delete(PinPad).where(PinPad.seen_at < context.now() - timedelta(days=1)))


def _carry_out(
    context: CoreContext, visit: StaffVisit, case: Case, task: PinTask, original: str, new: str, again: str
) -> None:
    actor, card_id = visit.actor, case.person.card_id
    if task is PinTask.RESET:
        pin_change.reset_pin(
            context, actor, card_id, new, again, card_seen=case.card_shown, document_seen=case.document.value
        )
        return
    # The ID document lies before the clerk: that is more than the number which the default PIN asks for (R22).
    with context.transaction() as session:
        id_number = session.scalar(select(Person.id_number).where(Person.id == case.person.person_id))
    permit = pin_change.check_original_pin_of(context, actor, card_id, original, id_number)
    pin_change.change_pin(context, actor, permit, new, again)


def _asked(case_id: str, task: str) -> str:
    return f"{task} {case_id}"


def _tell_desk(context: CoreContext, token: str, case_id: str, answer: str, detail: Detail, *, ended: bool) -> None:
    told = {"answer": answer, "answer_detail": detail} | ({"task": None} if ended else {})
    with context.transaction() as session:
        session.execute(
            update(PinPad).where(PinPad.token_digest == digest(token), PinPad.case_id == case_id).values(**told)
        )


def _let_go(session: Session, visit: StaffVisit) -> None:
    session.execute(
        update(PinPad)
        .where(PinPad.session_id == visit.session_id)
        .values(session_id=None, task=None, case_id=None, answer=None)
    )


def _new_code(session: Session, context: CoreContext, token_digest: str) -> str:
    """A code that no other pad shows."""
    now = context.now()
    while True:
        code = f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}d}"
        if session.scalar(select(PinPad.code).where(PinPad.code == code)):
            continue
        fresh = {
            "code": code,
            "code_until": now + timedelta(minutes=CODE_MINUTES),
            "session_id": None,
            "task": None,
            "case_id": None,
            "answer": None,
            "seen_at": now,
        }
        shown = upsert(session, PinPad).values(token_digest=token_digest, **fresh)
        session.execute(shown.on_conflict_do_update(index_elements=[PinPad.token_digest], set_=fresh))
        return code


def _name_in_open_case(session: Session, case_id: str | None) -> str:
    """Whose case it is; nothing when there is none, or the person has gone."""
    name = session.scalar(
        select(Person.name)
        .join(CounterCase, CounterCase.person_id == Person.id)
        .where(CounterCase.case_id == case_id, CounterCase.closed_at.is_(None))
    )
    return name or ""
