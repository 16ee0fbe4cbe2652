"""The fixed words of the rules, as enums: whatever is stored, imported or decided by is one of these. Imports nothing
of ours, so that every module may use it."""

from __future__ import annotations

from enum import Enum, StrEnum


class Door(Enum):
    """A way in: a channel, or a kind of counter office (section 2)."""

    PHONE = "phone"
    WEB = "web"
    KIOSK = "kiosk"
    AGENCY = "agency"
    BRANCH = "branch"
    SERVICE_CENTRE = "service centre"

    @property
    def channel(self) -> str:
        """phone, web, kiosk or counter."""
        return self.value if self in (Door.PHONE, Door.WEB, Door.KIOSK) else "counter"


COUNTERS = (Door.AGENCY, Door.BRANCH, Door.SERVICE_CENTRE)


class Role(Enum):
    """What somebody is to the bureau."""

    CITIZEN = "citizen"  # a caller, a visitor of the site, somebody at a kiosk or a PIN pad
    CLERK = "clerk"  # serves people at a counter
    ADMINISTRATOR = "administrator"  # manages staff, offices and kiosks, reads the audit, and serves nobody
    SYSTEM_ADMINISTRATOR = "system administrator"  # at the shell of the machine
    SYSTEM = "system"  # what is done by itself


STAFF_ROLES = (Role.CLERK, Role.ADMINISTRATOR)


class Operation(Enum):
    """What can be asked for by section 2; the value is what the audit shows."""

    ENQUIRE_SELF = "enquire about oneself"
    ENQUIRE_BY_NUMBER = "benefits and contributions by number"
    CATALOGUE = "drug and treatment catalogue"
    CHANGE_PIN = "change the PIN"
    RESET_PIN = "reset a forgotten or locked PIN"
    REPORT_LOSS = "report a loss"
    WRITE_UP_LOSS = "write up a reported loss"
    RELEASE_LOSS = "release a loss"
    REPLACE_CARD = "apply for a replacement, issue the new card"


class OtherOperation(StrEnum):
    """What the audit records beside section 2: steps on the way to it, and the bureau's own work (R8)."""

    IDENTIFY = "identify"
    IDENTIFY_CARD = "identify by card"
    CHECK_ORIGINAL_PIN = "original PIN"
    FIND_PERSON = "find a person at the counter"
    SHOW_CARD = "card shown at the counter"
    REVEAL = "see the record whole"
    PRINT_FORM = "print the loss registration form"
    STAFF_SIGN_IN = "staff sign-in"
    CHOOSE_PASSWORD = "choose a password"
    MANAGE_STAFF = "manage staff"
    MANAGE_KIOSKS = "manage kiosks"
    ENTER_KIOSK_KEY = "enter a kiosk's key"
    MANAGE_OFFICES = "manage offices"
    READ_AUDIT = "read the audit"
    EXPORT_AUDIT = "export the audit"
    UNLOCK_PIN = "unlock the PIN"
    IMPORT = "import"
    DEMO = "demo"
    LAPSE_LOSS = "loss report lapsed"


class Outcome(StrEnum):
    """How an operation ended that no rule refused: the code of its audit row (R8). A refusal's code is that of its
    error: see core.errors."""

    DONE = "done"
    IDENTIFIED = "identified"
    REPLACEMENT_APPLIED_FOR = "replacement_applied_for"
    NEW_CARD_ISSUED = "new_card_issued"
    NEW_CARD_CORRECTED = "new_card_corrected"
    NEW_CARD_HANDED_OVER = "new_card_handed_over"
    HIRED = "hired"
    CREDENTIALS_RENEWED = "credentials_renewed"
    DISMISSED = "dismissed"
    ENROLLED = "enrolled"
    REVOKED = "revoked"
    FILE_IMPORTED = "file_imported"
    FILE_REFUSED = "file_refused"
    CARD_ENDED = "card_ended"
    RECORDED = "recorded"  # a row from before there were codes, whose words nobody knows any more


class CardState(Enum):
    """Where a card stands (section 6)."""

    ACTIVE = "active"
    LOSS_REPORTED = "loss_reported"
    LOSS_WRITTEN = "loss_written"
    REPLACEMENT_APPLIED = "replacement_applied"
    REPLACED = "replaced"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether the card will never be anybody's current card again."""
        return self in ENDED_STATES


ENDED_STATES = (CardState.REPLACED, CardState.CANCELLED)
LOST_STATES = (CardState.LOSS_REPORTED, CardState.LOSS_WRITTEN, CardState.REPLACEMENT_APPLIED)


class Document(Enum):
    """What a clerk can record as seen."""

    RESIDENT_ID_CARD = "resident ID card"
    HOUSEHOLD_CERTIFICATE = "household certificate"
    PASSPORT = "passport"
    SOCIAL_SECURITY_CARD = "social security card"
    REGISTRATION_FORM = "registration form"


IDENTITY_DOCUMENTS = (Document.RESIDENT_ID_CARD, Document.HOUSEHOLD_CERTIFICATE, Document.PASSPORT)
RELEASE_DOCUMENTS = (Document.RESIDENT_ID_CARD, Document.HOUSEHOLD_CERTIFICATE)  # beside the card itself (R35)


class Reason(Enum):
    """What somebody has come to a counter for."""

    ENQUIRY = "enquiry"
    PIN = "PIN"
    LOSS = "loss"
    RELEASE = "release"
    REPLACEMENT = "replacement"


class Insurance(Enum):
    """The five insurances (R11)."""

    PENSION = "pension"
    MEDICAL = "medical"
    UNEMPLOYMENT = "unemployment"
    WORK_INJURY = "work_injury"
    MATERNITY = "maternity"


class BenefitKind(StrEnum):
    """What is paid to people, by benefits.csv (R50)."""

    RETIREMENT = "retirement"
    WORK_INJURY = "work_injury"
    WORK_DEATH = "work_death"
    UNEMPLOYMENT = "unemployment"
    MATERNITY = "maternity"
    MINIMUM_LIVING = "minimum_living"
    SPECIAL_CARE = "special_care"


ALLOWANCES = (BenefitKind.MINIMUM_LIVING, BenefitKind.SPECIAL_CARE)  # of no insurance (R12)


class Employment(StrEnum):
    """How somebody earns a living, by people.csv (R50)."""

    EMPLOYED = "employed"
    UNEMPLOYED = "unemployed"
    RETIRED = "retired"
    FLEXIBLE = "flexible"
    STUDENT = "student"


class CatalogueCategory(StrEnum):
    """How much of a drug or treatment the insurance bears (R18)."""

    A = "甲"
    B = "乙"
    C = "丙"


OFFICE_KINDS = {"agency": Door.AGENCY, "branch": Door.BRANCH, "service_centre": Door.SERVICE_CENTRE}
"""The kinds of offices.csv (R50), and the door that each is."""


class NumberKind(StrEnum):
    """Which number somebody entered."""

    ID = "id"
    CARD = "card"
    CARD_SUFFIX = "card_suffix"
    PERSONAL = "personal"
    UNIT = "unit"
    SOUGHT = "sought"  # at a counter: any of several


class NumberFault(StrEnum):
    """What is wrong with its form (R1)."""

    LENGTH = "length"
    CHARACTERS = "characters"
    BIRTH_DATE = "birth_date"
    CHECK = "check"
    FIFTEEN_DIGITS = "fifteen_digits"
    TAKEN = "taken"


class WeakPinReason(Enum):
    """Which part of R23 a new PIN breaks."""

    FORM = "form"
    DEFAULT = "default"
    SAME_AS_ORIGINAL = "same_as_original"
    REPEATED = "repeated"
    RUN = "run"
    BIRTH_DATE = "birth_date"
    OWN_NUMBER = "own_number"
    COMMON = "common"


class WeakPasswordReason(Enum):
    """Why a member of staff can't have this password."""

    MISMATCH = "mismatch"
    TOO_SIMPLE = "too_simple"
    SAME_AS_BEFORE = "same_as_before"


class Needed(Enum):
    """The documents that a rule wants to be recorded first."""

    IDENTITY = "identity"  # R36
    CARD_AND_IDENTITY = "card_and_identity"  # R26
    CARD_AND_RELEASE_DOCUMENT = "card_and_release_document"  # R35
    IDENTITY_AND_FORM = "identity_and_form"  # R34
    WRITTEN_REPORT = "written_report"  # section 2: a counter reports a loss in writing


class Sought(Enum):
    """What was looked for, and is not on record."""

    PERSON = "person"
    CARD = "card"  # the person is on record, and never had one
    CASE = "case"
    OFFICE = "office"
    STAFF = "staff"
    KIOSK = "kiosk"


class PadProblem(Enum):
    """Why a PIN pad can't be used now."""

    NO_SUCH_CODE = "no_such_code"
    NOT_PAIRED = "not_paired"
    NOT_ASKED = "not_asked"
    CLERK_GONE = "clerk_gone"
    PERSON_GONE = "person_gone"
