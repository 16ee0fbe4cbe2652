"""A form that is sent twice (a double click, a reload, a replay) is carried out once, whichever process it reaches."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, update

from core.context import CoreContext
from core.records.database import upsert
from core.records.schema import FormAnswer

_KEPT = timedelta(days=1)


def claim(context: CoreContext, token: str) -> bool:
    """True for the first who sends this form; everybody after that should ask for the `answer`."""
    with context.transaction() as session:
        claimed = upsert(session, FormAnswer).values(token=token, sent_at=context.now()).on_conflict_do_nothing()
        return session.execute(claimed.returning(FormAnswer.token)).first() is not None


def keep_answer(context: CoreContext, token: str, answer: str) -> None:
    """What the first was told, a short word, for those who send the form again."""
    with context.transaction() as session:
        session.execute(update(FormAnswer).where(FormAnswer.token == token).values(answer=answer))


def answer(context: CoreContext, token: str) -> str | None:
    """What the first was told; None while that one is still at work."""
    with context.transaction() as session:
        return session.scalar(select(FormAnswer.answer).where(FormAnswer.token == token))


def give_back(context: CoreContext, token: str) -> None:
    """The first one failed by a fault of ours: the form may be sent again."""
    with context.transaction() as session:
        session.execute(delete(FormAnswer).where(FormAnswer.token == token, FormAnswer.answer.is_(None)))


def forget_old(context: CoreContext) -> None:
    """Remove answers that nobody will ask for any more."""
    with context.transaction() as session:
        session.execute(delete(FormAnswer).where(FormAnswer.sent_at < context.now() - _KEPT))
