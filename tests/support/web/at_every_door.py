"""Anybody who does anything with a card at all doors, in any order, held against the model of its life
(tests/support/web/life_of_a_card.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.support.web.everybody import Everybody, Town, new_number
from tests.support.web.life_of_a_card import (
    ACTIVE,
    DEFAULT_PIN,
    IN_THE_DATABASE,
    LOCKED,
    MOST_WRONG,
    OFFICES,
    OWN_PINS,
    PIN_TASKS,
    REFUSED,
    RIGHT,
    STEPS,
    Card,
    Life,
)
from tests.support.web.reading import facts, heading, ways
from tests.support.web.visitor import Answer, Visitor

KEYED = st.sampled_from(["own", "own", "own", "before", "nobody's"])


class AtEveryDoor(RuleBasedStateMachine):
    """Anybody does anything, in any order."""

    town: Town

    @initialize(pin=st.sampled_from([DEFAULT_PIN, OWN_PINS[0]]))
    def somebody_has_a_card(self, pin: str) -> None:
        self.people = Everybody(self.town, pin)
        self.life = Life([Card(self.people.held.card_number, pin)])
        self.told: list[Card] = []

    # The phone

    @rule(keyed=KEYED)
    def asks_by_phone(self, keyed: str) -> None:
        card, pin = self.life.card, self.life.card.keyed(keyed)
        answer, call = card.judges(pin), self.people.identifies("31", pin)
        if answer == RIGHT:
            call.is_back_at("account-menu")
            assert ("pin-is-default" in call.heard) is (pin == DEFAULT_PIN)
        else:
            call.hears(REFUSED[answer].phone)
        call.hangs_up()

    @rule(keyed=KEYED, key=st.sampled_from("1112"))
    def reports_by_phone(self, keyed: str, key: str) -> None:
        card, pin = self.life.card, self.life.card.keyed(keyed)
        answer, call = card.judges(pin), self.people.identifies("52", pin)
        if answer != RIGHT:
            call.hears("loss-pin-locked" if answer == LOCKED else REFUSED[answer].phone)
        elif key != "1":
            call.presses(key).hears("loss-not-confirmed")
        else:
            call.presses(key).hears("loss-reported" if self.life.reports(card) else "loss-already-reported")
        call.hangs_up()

    @rule(keyed=KEYED, old=st.booleans())
    def changes_pin_by_phone(self, keyed: str, old: bool) -> None:
        card = self.life.one_of(old)
        pin, new = card.keyed(keyed), card.another_pin()
        answer = card.judges_for_use(pin)
        call = self.people.shows_original(card.number, pin, is_default=pin == DEFAULT_PIN)
        if answer == RIGHT:
            call.is_back_at("pin-enter-new").presses(new, "#", new, "#").hears("pin-changed")
            self.life.gets_pin(card, new)
        else:
            call.hears(REFUSED[answer].phone_pin)
        call.hangs_up()

    # The web

    @rule(keyed=KEYED)
    def signs_in(self, keyed: str) -> None:
        card, pin = self.life.card, self.life.card.keyed(keyed)
        answer, page = card.judges(pin), self.people.web.signs_in(self.people.held, pin)
        if answer == RIGHT:
            assert page.path.startswith("/account/advice" if pin == DEFAULT_PIN else "/account")
            self.life.visits["web"] = card
        else:
            assert page.has(REFUSED[answer].web)

    @precondition(lambda self: self.life.visit("web"))
    @rule()
    def reports_on_the_web(self) -> None:
        card, web = self.life.visit("web"), self.people.web
        page = web.opens("/account/loss/confirm")
        if card.state == ACTIVE:
            assert heading(web.sends("/account/loss")) == "挂失成功" and self.life.reports(card, at="web")
        else:
            assert page.path == "/account/loss" and page.has(f"您的社保卡现在：{card.printed}")

    @precondition(lambda self: self.life.visit("web"))
    @rule(keyed=KEYED)
    def changes_pin_on_the_web(self, keyed: str) -> None:
        self.changes_pin_on_a_page("web", self.people.web, "/account/pin", keyed)

    def changes_pin_on_a_page(self, door: str, person: Visitor, address: str, keyed: str) -> None:
        card, page = self.life.visit(door), person.opens(address)
        if card.state != ACTIVE:
            assert page.status == 409 and page.has(REFUSED[card.state].web)
            return
        pin, new = card.keyed(keyed), card.another_pin()
        answer = card.judges(pin)
        page = self.people.changes_pin_on(person, pin, new, is_default=pin == DEFAULT_PIN)
        if answer == RIGHT:
            assert page.path == f"{address}/done"
            self.life.gets_pin(card, new, at=door)
        else:
            assert page.has(REFUSED[answer].web)

    # The kiosk

    @rule(keyed=KEYED, old=st.booleans())
    def puts_card_in(self, keyed: str, old: bool) -> None:
        card = self.life.one_of(old)
        pin = card.keyed(keyed)
        answer, page = card.judges_for_use(pin), self.people.puts_in(self.people.kiosk, card.number, pin)
        self.life.visits.pop("kiosk", None)
        if answer == RIGHT:
            assert page.path == ("/kiosk/advice" if pin == DEFAULT_PIN else "/kiosk/menu")
            self.life.visits["kiosk"] = card
        else:
            assert page.has(REFUSED[answer].kiosk)

    @precondition(lambda self: self.life.visit("kiosk"))
    @rule(keyed=KEYED)
    def changes_pin_at_the_kiosk(self, keyed: str) -> None:
        self.changes_pin_on_a_page("kiosk", self.people.kiosk, "/kiosk/pin", keyed)

    @precondition(lambda self: self.life.waits)
    @rule()
    def puts_in_the_card_that_waits(self) -> None:
        """R36: in a drawer it opens nothing, and nobody is told that there is such a card (R3)."""
        answer = self.life.waits.judges(DEFAULT_PIN)
        page = self.people.puts_in(self.people.other_kiosk, self.life.waits.number, DEFAULT_PIN)
        assert page.has(REFUSED[answer].kiosk)

    @rule(guesses=st.lists(st.sampled_from([asks_by_phone, signs_in, puts_card_in]), min_size=1, max_size=4))
    def somebody_guesses(self, guesses: list[Callable[..., None]]) -> None:
        """R4: the count is one over all doors."""
        for guess in guesses:
            old = {"old": False} if guess is AtEveryDoor.puts_card_in else {}
            guess(self, keyed="nobody's", **old)

    # The windows

    @rule(office=st.sampled_from(OFFICES), step=st.sampled_from(sorted(STEPS)))
    def asks_for_a_step(self, office: str, step: str) -> None:
        card, before = self.life.card, self.life.card.state
        clerk = self.people.comes_to(office, card.number)
        new_card = self.life.waits.number if self.life.waits and step == "hand-over" else new_number()
        if step in self.life.offered(office):
            page = self.people.takes_step(clerk, step, new_card)
        else:
            page = self.people.sends_by_hand(clerk, step, card.number, new_card)
        name, offices, *_, told = STEPS[step]
        if self.life.takes(step, office, new_card):
            assert page.has(f"{name}：已经办理", f"办理前：{before}")
        elif office not in offices:
            assert page.status == 403 and page.has("本窗口不能办理")
        else:
            assert page.has(told[before]) if before in told else page.has(f"没有办理：{name}", f"变了：{before}")

    @rule(steps=st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=4))
    def goes_through_with_it_at_the_branch(self, steps: list[str]) -> None:
        """Each of these that is offered when its turn comes."""
        for step in steps:
            if step in self.life.offered("branch"):
                self.asks_for_a_step("branch", step)

    @rule(office=st.sampled_from(OFFICES), task=st.sampled_from(sorted(PIN_TASKS)), keyed=KEYED)
    def keys_a_pin_at_a_window(self, office: str, task: str, keyed: str) -> None:
        card = self.life.card
        clerk = self.people.comes_to(office, card.number)
        pad, asked = self.people.pairs_pad(clerk), clerk.sends(f"{clerk.here}/pin", task=task)
        if office not in PIN_TASKS[task]:
            assert asked.status == 403 and asked.has("本窗口不能办理")
            return
        pin, new = card.keyed(keyed), card.another_pin()
        answer = card.resets() if task == "reset" else card.judges_for_use(pin)
        pad.opens("/counter/pad")
        page = pad.sends("/counter/pad", original=pin, new=new, again=new)
        if answer == RIGHT:
            assert page.has("办好了", "新密码已经生效")
            self.life.gets_pin(card, new)
        else:
            assert page.has(REFUSED[answer].pad)

    @precondition(lambda self: self.life.card.wrong == MOST_WRONG)
    @rule()
    def has_a_locked_pin_reset(self) -> None:
        self.keys_a_pin_at_a_window("service centre", "reset", "nobody's")

    # What everybody says afterwards

    @invariant()
    def all_doors_say_what_the_model_says(self) -> None:
        self.the_database_agrees()
        self.open_visits_agree()
        self.windows_agree()
        self.whoever_knows_a_pin_is_told_so()
        self.town.clock.passes(seconds=1)

    def the_database_agrees(self) -> None:
        cards, is_right = self.people.on_record(), self.town.context.vault.is_right
        assert {number: (state, wrong) for number, (_, state, wrong, _) in cards.items()} == {
            card.number: (IN_THE_DATABASE[card.state], card.wrong) for card in self.life.cards
        }
        assert all(is_right(cards[card.number][-1], card.pin) for card in self.life.cards)

    def open_visits_agree(self) -> None:
        """R25, R33."""
        card, page = self.life.visit("web"), self.people.web.opens("/account/loss")
        assert page.has(f"您的社保卡现在：{card.printed}") if card else is_over(page)
        card, page = self.life.visit("kiosk"), self.people.kiosk.opens("/kiosk/enquiries/card")
        assert facts(page)["社保卡状态"] == ACTIVE if card else is_over(page)

    def windows_agree(self) -> None:
        """R37: the state, and what can be done about it there."""
        for office in OFFICES:
            page = self.people.clerks[office].looks_at("/loss")
            assert page.has(f"社保卡{self.life.card.printed}")
            offered = ways(page).keys() & {step.name for step in STEPS.values()}
            assert offered == {STEPS[step].name for step in self.life.offered(office)}

    def whoever_knows_a_pin_is_told_so(self) -> None:
        """By phone and at a kiosk; as often as there is something new to tell, and it leaves the count as it is."""
        before, self.told = self.told, [replace(card) for card in self.life.cards]
        for card in self.life.cards[-2:]:
            if self.told == before or not card.is_at_rest:
                continue
            answer = card.judges_for_use(card.pin)
            call = self.people.shows_original(card.number, card.pin, is_default=card.pin == DEFAULT_PIN)
            call.hears(REFUSED[answer].phone_pin if answer in REFUSED else "pin-enter-new").hangs_up()
            page = self.people.puts_in(self.people.other_kiosk, card.number, card.pin)
            assert page.has(REFUSED[answer].kiosk) if answer in REFUSED else page.path.startswith("/kiosk/")


def is_over(page: Answer) -> bool:
    """Whether somebody was led out: nobody is signed in here."""
    return page.path.partition("?")[0] in ("/signed-out", "/sign-in", "/kiosk", "/kiosk/left")
