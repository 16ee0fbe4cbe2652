"""The core as one caller, visitor or clerk may use it: context and actor bound once, for a call or a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.record import AuditEntry, audited, history
from core.cards import loss, pin_change
from core.cards.loss import LossReported
from core.cards.pin_change import PinChangePermit
from core.cards.reports import LossRecord, OwnReport, loss_reports
from core.context import CoreContext
from core.enquiries import account, catalogue, offices, person_data
from core.enquiries.account import BenefitPaid, UnitContributions
from core.enquiries.catalogue import CataloguePage, CatalogueQuery
from core.enquiries.insurance import InsurancePage, benefits_paid, insurance_page, insurance_records
from core.enquiries.offices import OfficesFound
from core.enquiries.person_data import BasicData, HealthData
from core.enquiries.statement import Statement, new_reference
from core.errors import PinChangeRequired
from core.identity import identification
from core.identity.identification import Cardholder
from core.numbers import parse_personal_number, parse_unit_number
from core.records.schema import Drug, Treatment
from core.values import BenefitKind, CardState, Insurance, Operation
from core.workload import Workload, takes

T = TypeVar("T")


@dataclass(frozen=True)
class Service:
    """Every method blocks on the database, and those that judge a PIN on its hash: call them from a worker
    thread. Each is one operation with its audit row (R8), and may raise NotOnThisDoor."""

    context: CoreContext
    actor: Actor

    @takes(Workload.HASH)
    def identify(self, id_number: str, pin: str) -> Cardholder:
        """R2–R5, R7: see core.identity.identification.identify."""
        return identification.identify(self.context, self.actor, id_number, pin)

    @takes(Workload.HASH)
    def identify_card(self, card_number: str, pin: str) -> Cardholder:
        """R2: see core.identity.identification.identify_card."""
        return identification.identify_card(self.context, self.actor, card_number, pin)

    def medical_balance(self, person: Cardholder) -> Decimal | None:
        """R10: yuan, or None without a record (R19)."""
        return self._enquire(person, account.medical_balance)

    def unemployment_months(self, person: Cardholder) -> int | None:
        """R10, R14: months in a row, or None without a record (R19)."""
        return self._enquire(person, account.unemployment_months)

    def retirement_benefit(self, person: Cardholder) -> BenefitPaid | None:
        """R10: as last paid, or None without a record (R19)."""
        return self._enquire(person, account.retirement_benefit)

    def basic_data(self, person: Cardholder) -> BasicData:
        """R11: who somebody is, and how they are insured."""
        return self._enquire(
            person,
            lambda session, person_id: person_data.basic_data(session, person_id, person.card_id, self._month()),
        )

    def insurance_page(self, person: Cardholder, insurance: Insurance) -> InsurancePage:
        """R11, R14: one insurance, its contributions and what it pays."""
        return self._enquire(
            person,
            lambda session, person_id: insurance_page(
                session, person_id, person.personal_number, insurance, self._month()
            ),
        )

    def employment(self, person: Cardholder) -> tuple[BasicData, InsurancePage]:
        """R12: how somebody is employed, and their unemployment insurance."""
        month = self._month()
        return self._enquire(
            person,
            lambda session, person_id: (
                person_data.basic_data(session, person_id, person.card_id, month),
                insurance_page(session, person_id, person.personal_number, Insurance.UNEMPLOYMENT, month),
            ),
        )

    def benefits_paid(
        self, person: Cardholder, kinds: Sequence[BenefitKind]
    ) -> dict[BenefitKind, tuple[BenefitPaid, ...]]:
        """R12: see core.enquiries.insurance.benefits_paid."""
        return self._enquire(person, lambda session, _: benefits_paid(session, person.personal_number, kinds))

    def health(self, person: Cardholder) -> HealthData | None:
        """R12: for an emergency, or None without a record (R19)."""
        return self._enquire(person, person_data.health)

    def statement(self, person: Cardholder) -> Statement:
        """R11: the whole record to take away, under a reference that the audit keeps."""
        reference = new_reference()
        return self._enquire(
            person,
            lambda session, person_id: Statement(
                reference,
                self.context.now(),
                person_data.personal_data(session, person.card_id),
                insurance_records(session, person_id, self._month()),
            ),
            reference=reference,
        )

    def history(self, person: Cardholder) -> list[AuditEntry]:
        """R47: who asked about this person or changed something, the newest first."""
        return self._enquire(
            person, lambda session, person_id: history(session, person_id, self.context.now()), always=True
        )

    def loss_reports(self, person: Cardholder) -> tuple[CardState, tuple[OwnReport, ...]]:
        """R31: the state of the card, and every report of this person's cards."""
        term_days = self.context.settings.loss_report_term_days
        return self._enquire(
            person,
            lambda session, person_id: (person.card_state, loss_reports(session, person_id, term_days)),
            always=True,
        )

    def loss_record(self, person: Cardholder) -> LossRecord:
        """R31, R37: every report of this person's cards, and who did what with them, as one look."""
        term_days = self.context.settings.loss_report_term_days
        return self._enquire(
            person,
            lambda session, person_id: LossRecord(
                loss_reports(session, person_id, term_days),
                tuple(
                    event
                    for event in history(session, person_id, self.context.now())
                    if event.operation in loss.RECORDED_AS
                ),
            ),
            always=True,
        )

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

    @takes(Workload.SEARCH)
    def search_drugs(self, query: CatalogueQuery) -> CataloguePage:
        """R18: the drug catalogue."""
        return self._search(Drug, query)

    @takes(Workload.SEARCH)
    def search_treatments(self, query: CatalogueQuery) -> CataloguePage:
        """R18: the treatment items."""
        return self._search(Treatment, query)

    def offices(self, district: str = "", operation: Operation | None = None) -> OfficesFound:
        """Where there is a counter: public, and about nobody."""
        return offices.find(self.context, district, operation)

    def needs_id_number(self, card_suffix: str, pin: str) -> bool:
        """R20, R21: whether the ID number is asked for before the original PIN is judged."""
        return pin_change.needs_id_number(self.context, card_suffix, pin)

    @takes(Workload.HASH)
    def check_original_pin(self, card_suffix: str, pin: str, id_number: str | None = None) -> PinChangePermit:
        """R20, R21, R25: see core.cards.pin_change.check_original_pin."""
        return pin_change.check_original_pin(self.context, self.actor, card_suffix, pin, id_number)

    @takes(Workload.HASH)
    def check_original_pin_of(self, person: Cardholder, pin: str, id_number: str | None = None) -> PinChangePermit:
        """R22, R25: for somebody who is signed in, see core.cards.pin_change.check_original_pin_of."""
        return pin_change.check_original_pin_of(self.context, self.actor, person.card_id, pin, id_number)

    @takes(Workload.HASH)
    def check_new_pin(self, permit: PinChangePermit, new_pin: str) -> None:
        """R23: raise WeakPin before the person is asked to enter it again."""
        pin_change.check_new_pin(self.context, self.actor, permit, new_pin)

    @takes(Workload.HASH)
    def change_pin(self, permit: PinChangePermit, new_pin: str, again: str) -> None:
        """R23–R25: see core.cards.pin_change.change_pin."""
        pin_change.change_pin(self.context, self.actor, permit, new_pin, again)

    def report_loss(self, person: Cardholder) -> LossReported:
        """R30–R33: see core.cards.loss.report_loss. The default PIN does not stand in the way, whatever the settings
        say of it: losing a card must not be unreportable."""
        return loss.report_loss(self.context, self.actor, person.person_id, person.card_id)

    def _enquire(
        self, person: Cardholder, question: Callable[[Session, int], T], *, always: bool = False, **detail: str
    ) -> T:
        """`always`: also for somebody whose default PIN opens nothing else (R7)."""
        with self._operation(Operation.ENQUIRE_SELF, person.person_id, **detail) as session:
            held_back = self.context.settings.require_pin_change and person.pin_is_default and not always
            if held_back and not self.actor.is_staff:
                raise PinChangeRequired
            return question(session, person.person_id)

    def _search(self, kind: type[Drug] | type[Treatment], query: CatalogueQuery) -> CataloguePage:
        # Looking through everything must hold up nobody's call; the row of it (R8) is there before the answer is.
        with self.context.read_only() as session:
            found = catalogue.search(session, kind, query)
        with self._operation(Operation.CATALOGUE):
            return found

    @contextmanager
    def _operation(self, operation: Operation, person_id: int | None = None, **detail: str) -> Iterator[Session]:
        # An enquiry changes nothing: all that is kept of it is its row (R8), which is there before the answer is.
        with (
            self.context.autocommit() as session,
            audited(session, self.actor, operation, person_id, self.context.now(), **detail),
        ):
            yield session

    def _month(self) -> str:
        """This month, where the office is."""
        return f"{self.context.now().astimezone(self.context.settings.zone):%Y-%m}"

    def _enquire_by_personal_number(
        self, text: str, question: Callable[[Session, str], BenefitPaid | None]
    ) -> BenefitPaid | None:
        number = parse_personal_number(text)
        with self.context.autocommit() as session:
            person_id = account.person_with(session, number)
            with audited(session, self.actor, Operation.ENQUIRE_BY_NUMBER, person_id, self.context.now()):
                return question(session, number)
