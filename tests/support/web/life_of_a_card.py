"""The life of a card by the rules (R3, R4, R20–R26, R30–R37), written apart from the core: which step leads where, who
is let in where, and the words that every door has for it. It knows nothing of the core but what is printed and said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

ACTIVE, REPORTED, WRITTEN = "正常", "已挂失（尚未书面挂失）", "已书面挂失"
APPLIED, MADE, REPLACED = "补领中", "补领中，新卡待领取", "已补换"
IN_THE_DATABASE = {
    ACTIVE: "active",
    REPORTED: "loss_reported",
    WRITTEN: "loss_written",
    APPLIED: "replacement_applied",
    MADE: "replacement_applied",
    REPLACED: "replaced",
}
DEFAULT_PIN, NOBODYS_PIN = "123456", "918364"
OWN_PINS = ("480259", "604172", "739164")
MOST_WRONG = 6

AGENCY, BRANCH, SERVICE_CENTRE = "agency", "branch", "service centre"
OFFICES = (AGENCY, BRANCH, SERVICE_CENTRE)


class Step(NamedTuple):
    """What a clerk does about a card: its name on the page, the offices that do it, and from which state to which;
    in `overtaken` it may be by now, the form having been open for a while, and the step is done all the same. `told`
    is what the form says where the card is in another state, if that is not what becomes of the card."""

    name: str
    offices: tuple[str, ...]
    arrows: dict[str, str]
    overtaken: dict[str, str] = {}
    told: dict[str, str] = {}


STEPS = {
    "report": Step("书面挂失", (BRANCH, SERVICE_CENTRE), {ACTIVE: WRITTEN}, {REPORTED: WRITTEN}),
    "write-up": Step("补办书面挂失", (BRANCH, SERVICE_CENTRE), {REPORTED: WRITTEN}),
    "release": Step("解除挂失", (BRANCH,), {REPORTED: ACTIVE, WRITTEN: ACTIVE}),
    "apply": Step("申请补领新卡", (BRANCH,), {WRITTEN: APPLIED}),
    "issue": Step("登记新卡", (BRANCH,), {APPLIED: MADE}),
    "correct": Step("更正新卡卡号", (BRANCH,), {MADE: MADE}),
    "hand-over": Step("发新卡", (BRANCH,), {MADE: REPLACED}, told={APPLIED: "这不是为本人登记的新卡"}),
}
PIN_TASKS = {"change": (AGENCY, SERVICE_CENTRE), "reset": (BRANCH, SERVICE_CENTRE)}

RIGHT, WRONG, LOCKED = "right", "wrong", "locked"


class Words(NamedTuple):
    """How each door says that it refuses: by phone whoever asks about themselves, and whoever would change the PIN; on
    the web; at the kiosk with the card in; and at the PIN pad of a window."""

    phone: str
    phone_pin: str
    web: str
    kiosk: str
    pad: str


_NOT_USABLE = "社保卡现在不能使用。请听工作人员说明。"
REFUSED = {
    WRONG: Words("identification-failed", "pin-card-failed", "密码不正确", "密码不正确，请重新输入", "原密码不正确"),
    LOCKED: Words("pin-locked", "pin-locked", "密码已锁定", "密码已锁定", "密码已锁定。请听工作人员说明。"),
    REPORTED: Words("", "card-reported", "已经挂失，不能修改密码", "这张社保卡已经挂失，不能使用", _NOT_USABLE),
    WRITTEN: Words("", "card-reported", "已经书面挂失，不能修改密码", "这张社保卡已经书面挂失，不能使用", _NOT_USABLE),
    APPLIED: Words("", "card-replacement-applied", "您正在补领新卡", "您正在补领新卡，这张旧卡不能再使用", _NOT_USABLE),
    MADE: Words("", "card-replacement-applied", "您正在补领新卡", "您正在补领新卡，这张旧卡不能再使用", _NOT_USABLE),
    REPLACED: Words("", "card-replaced", "这张社保卡已经补换", "这张社保卡已经补换，不能再使用", _NOT_USABLE),
}


@dataclass
class Card:
    """One card, its PIN, and how many wrong ones were keyed in a row. One that waits to be handed over has none."""

    number: str
    pin: str | None
    state: str = ACTIVE
    pin_before: str = NOBODYS_PIN
    wrong: int = 0

    def judges(self, pin: str) -> str:
        """R4: what becomes of a PIN that is keyed anywhere."""
        if self.wrong == MOST_WRONG:
            return LOCKED
        if pin == self.pin:
            self.wrong = 0
            return RIGHT
        self.wrong += 1
        return LOCKED if self.wrong == MOST_WRONG else WRONG

    def judges_for_use(self, pin: str) -> str:
        """R25, R33: the same where the card must be in use. Only whoever knows the PIN learns that it is not."""
        answer = self.judges(pin)
        return self.state if answer == RIGHT and self.state != ACTIVE else answer

    def resets(self) -> str:
        """R26: whether a new PIN is taken without the original."""
        return RIGHT if self.state == ACTIVE else self.state

    def keyed(self, which: str) -> str:
        """The PIN that somebody keys for this card: their own, the one before, or one that nobody has."""
        return {"own": self.pin, "before": self.pin_before, "nobody's": NOBODYS_PIN}[which]

    def another_pin(self) -> str:
        """One that this card may get."""
        return next(pin for pin in OWN_PINS if pin not in (self.pin, self.pin_before))

    @property
    def printed(self) -> str:
        """Its state as a page has it that says nothing of the new card."""
        return self.state.partition("，")[0]

    @property
    def is_at_rest(self) -> bool:
        """Whether the right PIN changes nothing about the count."""
        return self.wrong in (0, MOST_WRONG)


@dataclass
class Life:
    """One person, their cards in the order in which they got them, the one that waits for them, and the visits that
    are open."""

    cards: list[Card]
    waits: Card | None = None
    visits: dict[str, Card] = field(default_factory=dict)

    @property
    def card(self) -> Card:
        return self.cards[-1]

    def one_of(self, old: bool) -> Card:
        """The card in use, or the one before it, if there was one."""
        return self.cards[-2:][0 if old else -1]

    def visit(self, door: str) -> Card | None:
        """The card of the visit that is open at a door. A kiosk serves only a card in use (R33)."""
        card = self.visits.get(door)
        return None if card and door == "kiosk" and card.state != ACTIVE else card

    def ends_visits(self, but: str = "") -> None:
        """R25: those at other doors."""
        self.visits = {door: card for door, card in self.visits.items() if door == but}

    def reports(self, card: Card, at: str = "") -> bool:
        """R30, R32: by phone, or in a visit on the web, which goes on; whether it is the first report."""
        first = card.state == ACTIVE
        if first:
            card.state = REPORTED
            self.ends_visits(but=at)
        return first

    def gets_pin(self, card: Card, pin: str, at: str = "") -> None:
        """R25, R26: the new PIN holds, and ends all visits but the one in which it was chosen."""
        card.pin_before, card.pin, card.wrong = card.pin, pin, 0
        self.ends_visits(but=at)

    def leads(self, step: str, office: str) -> str | None:
        """R34–R37: to which state a step takes the card at a window; None where it is refused."""
        _, offices, arrows, overtaken, _ = STEPS[step]
        return (arrows | overtaken).get(self.card.state) if office in offices else None

    def takes(self, step: str, office: str, new_number: str) -> bool:
        """Whether a step is done, and then what it does. A new card is one when its holder has it, and not before
        (R36)."""
        card, end = self.card, self.leads(step, office)
        if end is None:
            return False
        if card.state == ACTIVE:
            self.ends_visits()
        card.state = end
        if end == MADE:
            self.waits = Card(new_number, pin=None)
        elif end == REPLACED:
            self.cards.append(Card(self.waits.number, DEFAULT_PIN, pin_before=card.pin))
            self.waits = None
        return True

    def offered(self, office: str) -> set[str]:
        """The steps that the page of an office shows now."""
        return {name for name, step in STEPS.items() if office in step.offices and self.card.state in step.arrows}
