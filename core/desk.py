"""The core as one caller, visitor or clerk may use it: the office and the Actor bound once, for a call or a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from sqlalchemy.orm import Session

from core import account, audit, identification, loss, pin_change
from core.account import BenefitPaid, UnitContributions
from core.actor import Actor
from core.errors import PinChangeRequired
from core.identification import Cardholder
from core.loss import LossReported
from core.numbers import parse_personal_number, parse_unit_number
from core.office import Office
from core.permissions import Operation
from core.pin_change import PinChangePermit

T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """Every method blocks on the database, and those that judge a PIN on its hash: call them from a worker
    thread. Each is one operation with its audit row (R8), and may raise NotOnThisDoor."""

    office: Office
    actor: Actor

    def identify(self, id_number: str, pin: str) -> Cardholder:
        """R2–R5, R7: see core.identification.identify."""
        return identification.identify(self.office, self.actor, id_number, pin)

    def medical_balance(self, person: Cardholder) -> Decimal | None:
        """R10: yuan, or None without a record (R19)."""
        return self._enquire(person, account.medical_balance)

    def unemployment_months(self, person: Cardholder) -> int | None:
        """R10, R14: months in a row, or None without a record (R19)."""
        return self._enquire(person, account.unemployment_months)

    def retirement_benefit(self, person: Cardholder) -> BenefitPaid | None:
        """R10: as last paid, or None without a record (R19)."""
        return self._enquire(person, account.retirement_benefit)

    def work_injury_benefit(self, personal_number: str) -> BenefitPaid | None:
        """R15: as last paid, or None without a record (R19)."""
        return self._enquire_by_personal_number(personal_number, account.work_injury_benefit)

    def work_death_benefit(self, personal_number: str) -> BenefitPaid | None:
        """R16: as last paid, or None without a record (R19)."""
        return self._enquire_by_personal_number(personal_number, account.work_death_benefit)

    def unit_contributions(self, unit_number: str) -> UnitContributions | None:
        """R17: the latest month, or None without a record (R19)."""
        number = parse_unit_number(unit_number)
        with self._operation(Operation.ENQUIRE_BY_NUMBER) as session:
            return account.unit_contributions(session, number)

    def needs_id_number(self, card_suffix: str, pin: str) -> bool:
        """R20, R21: whether the ID number is asked for before the original PIN is judged."""
        return pin_change.needs_id_number(self.office, card_suffix, pin)

    def check_original_pin(self, card_suffix: str, pin: str, id_number: str | None = None) -> PinChangePermit:
        """R20, R21, R25: see core.pin_change.check_original_pin."""
        return pin_change.check_original_pin(self.office, self.actor, card_suffix, pin, id_number)

    def check_new_pin(self, permit: PinChangePermit, new_pin: str) -> None:
        """R23: raise WeakPin before the person is asked to enter it again."""
        pin_change.check_new_pin(self.office, self.actor, permit, new_pin)

    def change_pin(self, permit: PinChangePermit, new_pin: str, again: str) -> None:
        """R23–R25: see core.pin_change.change_pin."""
        pin_change.change_pin(self.office, self.actor, permit, new_pin, again)

    def report_loss(self, person: Cardholder) -> LossReported:
        """R30–R33: see core.loss.report_loss. The default PIN does not stand in the way, whatever the settings
        say of it: losing a card must not be unreportable."""
        return loss.report_loss(self.office, self.actor, person.person_id, person.card_id)

    def _enquire(self, person: Cardholder, question: Callable[[Session, int], T]) -> T:
        with self._operation(Operation.ENQUIRE_SELF, person.person_id) as session:
            if self.office.settings.require_pin_change and person.pin_is_default:
                raise PinChangeRequired("the default PIN must be changed first")
            return question(session, person.person_id)

    @contextmanager
    def _operation(self, operation: Operation, person_id: int | None = None) -> Iterator[Session]:
        with (
            self.office.transaction() as session,
            audit.audited(session, self.actor, operation, person_id, self.office.now()),
        ):
            yield session

    def _enquire_by_personal_number(
        self, text: str, question: Callable[[Session, str], BenefitPaid | None]
    ) -> BenefitPaid | None:
        number = parse_personal_number(text)
        with self.office.transaction() as session:
            person_id = account.person_with(session, number)
            with audit.audited(session, self.actor, Operation.ENQUIRE_BY_NUMBER, person_id, self.office.now()):
                return question(session, number)
