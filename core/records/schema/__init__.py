"""The tables, as typed mappings, a module a subject. A change here needs a migration beside it in ../migrations."""

from __future__ import annotations

from core.records.schema.audit import AuditEvent as AuditEvent
from core.records.schema.audit import AuditSeal as AuditSeal
from core.records.schema.base import Base as Base
from core.records.schema.base import detail_text as detail_text
from core.records.schema.bookkeeping import Fact as Fact
from core.records.schema.bookkeeping import JobRun as JobRun
from core.records.schema.cards import Card as Card
from core.records.schema.cards import LossReport as LossReport
from core.records.schema.cards import NewCard as NewCard
from core.records.schema.cards import PinAttempts as PinAttempts
from core.records.schema.cards import SourceAttempts as SourceAttempts
from core.records.schema.catalogue import Drug as Drug
from core.records.schema.catalogue import Treatment as Treatment
from core.records.schema.insurance import Benefit as Benefit
from core.records.schema.insurance import Contribution as Contribution
from core.records.schema.insurance import MedicalAccount as MedicalAccount
from core.records.schema.insurance import UnitMedical as UnitMedical
from core.records.schema.people import Health as Health
from core.records.schema.people import Person as Person
from core.records.schema.people import Unit as Unit
from core.records.schema.staffed import CounterCase as CounterCase
from core.records.schema.staffed import CounterOffice as CounterOffice
from core.records.schema.staffed import Kiosk as Kiosk
from core.records.schema.staffed import PinPad as PinPad
from core.records.schema.staffed import Staff as Staff
from core.records.schema.staffed import StaffSession as StaffSession
from core.records.schema.visits import FormAnswer as FormAnswer
from core.records.schema.visits import VisitorSession as VisitorSession
