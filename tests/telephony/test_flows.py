"""The flows of the source document on a real Asterisk, with the demo people, a real phone and a real database."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from decimal import Decimal

import pytest

from core.actor import Actor
from core.context import CoreContext, open_context
from core.errors import IdentificationFailed, PinLocked
from core.service import Service
from core.settings import Settings
from dialplan.fetch import Program
from sounds import numbers
from tests.support.telephony.dialogues import changes_pin, dials_and_chooses, hears_all, identifies
from tests.support.telephony.hotline import Hotline, hotline
from tests.support.telephony.phone import Phone
from tests.support.telephony.switchboard import files_with, reachable_folder

RETIRED = ("500106196202109960", "582047")  # core/demo/README.md
WORKER = ("500103198502109970", "739164")
WORKER_CARD = "20479365"
NEW_PINS = ("830517", "640285", "907163", "271849")
CALLS_AT_ONCE = 6
FIRST_NUMBER = 2_361_000_000


@pytest.fixture(scope="module")
def town(program: Program) -> Iterator[Hotline]:
    """The hotline after its very first start, with nobody but the demo people."""
    with reachable_folder() as folder, hotline(folder / "state", first_start=True, key_timeout_seconds=3) as running:
        yield running


@pytest.fixture(scope="module")
def context(town: Hotline) -> Iterator[CoreContext]:
    """The database behind the hotline, to see what is on record."""
    opened = open_context(Settings.from_env(town.environment))
    yield opened
    opened.engine.dispose()


@dataclass(frozen=True)
class Scene:
    """What a dialogue has: its own phone, the hotline, and the database behind it."""

    caller: Phone
    town: Hotline
    context: CoreContext


DIALOGUES: dict[str, Callable[[Scene], None]] = {}


def dialogue(play: Callable[[Scene], None]) -> Callable[[Scene], None]:
    """Marks a dialogue; all of them are held at the same time, as callers do, and judged one by one."""
    DIALOGUES[play.__name__] = play
    return play


@pytest.fixture(scope="module")
def played(
    town: Hotline, context: CoreContext, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future]]:
    """Every dialogue, being held; each phone has a number of its own, so that nobody's mistakes count against
    another (R5)."""

    folder = tmp_path_factory.mktemp("played")

    def hold(play: Callable[[Scene], None], number: int) -> None:
        (folder / play.__name__).mkdir()
        phone = Phone(town.login(f"0{number}"), town.sounds, folder / play.__name__)
        try:
            play(Scene(phone, town, context))
        finally:
            phone.close()

    with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
        plays = enumerate(DIALOGUES.items(), FIRST_NUMBER)
        yield {name: pool.submit(hold, play, number) for number, (name, play) in plays}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "dialogue_name" in metafunc.fixturenames:
        metafunc.parametrize("dialogue_name", DIALOGUES)


def test_on_the_telephone(dialogue_name: str, played: dict[str, Future]):
    played[dialogue_name].result()


def pin_is(context: CoreContext, id_number: str, pin: str) -> bool:
    """Whether this PIN opens the account, as the core sees it."""
    try:
        Service(context, Actor.phone(None, "test")).identify(id_number, pin)
    except IdentificationFailed:
        return False
    return True


def card_state(town: Hotline, card_number: str) -> str:
    """The card's state, read past all of our own code."""
    with sqlite3.connect(f"file:{town.state}/hotline.db?mode=ro", uri=True) as database:
        return database.execute("SELECT state FROM cards WHERE card_number = ?", (card_number,)).fetchone()[0]


@dialogue
def r4_six_wrong_pins_over_several_calls_lock_it(scene: Scene):
    caller, id_number = scene.caller, "500119198402109990"

    def tries(pin: str, answer: str) -> None:
        caller.presses(id_number, "#", pin, "#")  # ahead: who calls so often knows the questions
        caller.hears(answer, within=15)

    dials_and_chooses(caller, "3", "1")
    for _ in range(3):
        tries("135792", "identification-failed")
    caller.hears("too-many-failures")
    caller.is_hung_up(within=15)
    dials_and_chooses(caller, "3", "1")
    for _ in range(2):
        tries("135792", "identification-failed")
    tries("135792", "pin-locked")
    caller.presses("1")
    tries("493618", "pin-locked")
    with pytest.raises(PinLocked):
        pin_is(scene.context, id_number, "493618")


@dialogue
def r10_3_1_balance_months_and_pension(scene: Scene):
    dials_and_chooses(scene.caller, "3", "1")
    identifies(scene.caller, *RETIRED)
    scene.caller.hears("account-menu")
    scene.caller.presses("1")
    hears_all(scene.caller, "medical-balance-is", *numbers.amount(Decimal("8605.30")), "account-menu")
    scene.caller.presses("2")
    scene.caller.hears("unemployment-months-are")
    scene.caller.hears("account-menu")
    scene.caller.presses("3")
    hears_all(scene.caller, "retirement-benefit-is", *numbers.amount(Decimal("3186.40")))
    hears_all(scene.caller, "benefit-last-paid", *numbers.year_month("2026-10"))
    scene.caller.hears("account-menu")
    scene.caller.presses("*")
    scene.caller.hears("enquiry-menu")


@dialogue
def r1_an_id_number_that_ends_in_x(scene: Scene):
    dials_and_chooses(scene.caller, "3", "1")
    identifies(scene.caller, "50011219880216998X", "604815")
    scene.caller.hears("account-menu")
    scene.caller.presses("1")
    hears_all(scene.caller, "medical-balance-is", *numbers.amount(Decimal("1005.05")))


@dialogue
def r15_3_2_work_injury(scene: Scene):
    dials_and_chooses(scene.caller, "3", "2")
    scene.caller.hears("personal-number-enter")
    scene.caller.presses("10000015#")
    scene.caller.hears("work-injury-is")
    scene.caller.hears("benefit-last-paid")
    scene.caller.hears("enquiry-menu")


@dialogue
def r16_3_3_work_death(scene: Scene):
    dials_and_chooses(scene.caller, "3", "3")
    scene.caller.hears("work-death-number-enter")
    scene.caller.presses("10000013#")
    hears_all(scene.caller, "work-death-dependants-are", *numbers.people(2))
    hears_all(scene.caller, "work-death-amount-is", *numbers.amount(Decimal("2415.00")), "benefit-last-paid")


@dialogue
def r17_r19_3_4_unit_contributions(scene: Scene):
    dials_and_chooses(scene.caller, "3", "4")
    scene.caller.hears("unit-number-enter")
    scene.caller.presses("50010004#")
    scene.caller.hears("unit-none")
    scene.caller.presses("4")
    scene.caller.hears("unit-number-enter")
    scene.caller.presses("50010002#")
    hears_all(scene.caller, "unit-month-is", "unit-people-are", "unit-due-is")
    scene.caller.hears("unit-paid-is", within=15)
    scene.caller.hears("unit-in-arrears", within=15)


@dialogue
def r18_3_5_the_catalogue_is_on_the_web(scene: Scene):
    dials_and_chooses(scene.caller, "3", "5")
    scene.caller.hears("catalogue-on-the-web")


@dialogue
def r20_5_1_with_a_pin_of_ones_own(scene: Scene):
    """Two new PINs that differ, a weak one, then a good one twice; the ID number is not asked for."""
    id_number, pin = WORKER
    dials_and_chooses(scene.caller, "5", "1")
    scene.caller.hears("card-enter-last-8")
    scene.caller.presses(WORKER_CARD, "#")
    scene.caller.hears("pin-enter-original")
    scene.caller.presses(pin, "#")
    scene.caller.hears("pin-enter-new")
    scene.caller.presses("111111#")
    scene.caller.hears("pin-weak-repeated")
    scene.caller.hears("pin-enter-new")
    scene.caller.presses(NEW_PINS[0], "#")
    scene.caller.hears("pin-enter-new-again")
    scene.caller.presses(NEW_PINS[1], "#")
    scene.caller.hears("pin-mismatch")
    assert pin_is(scene.context, id_number, pin)
    scene.caller.hears("pin-enter-new")
    scene.caller.presses(NEW_PINS[0], "#")
    scene.caller.hears("pin-enter-new-again")
    scene.caller.presses(NEW_PINS[0], "#")
    scene.caller.hears("pin-changed")
    assert pin_is(scene.context, id_number, NEW_PINS[0]) and not pin_is(scene.context, id_number, pin)


@dialogue
def r20_5_1_with_the_default_pin_asks_for_the_id_number(scene: Scene):
    changes_pin(scene.caller, "20637749", "123456", "500107199102109998", NEW_PINS[2])
    assert pin_is(scene.context, "500107199102109998", NEW_PINS[2])


@dialogue
def r21_5_1_two_cards_alike_ask_for_the_id_number(scene: Scene):
    changes_pin(scene.caller, "11073068", "285740", "500113199302109965", NEW_PINS[3])
    assert pin_is(scene.context, "500113199302109965", NEW_PINS[3])
    assert pin_is(scene.context, "500105198602109970", "918526"), "the other card with these characters was touched"


@dialogue
def r20_5_1_a_card_number_that_ends_in_x(scene: Scene):
    dials_and_chooses(scene.caller, "5", "1")
    scene.caller.hears("card-enter-last-8")
    scene.caller.presses("2079615*#")
    scene.caller.hears("pin-enter-original")
    scene.caller.presses("470359#")
    scene.caller.hears("pin-enter-new")


@dialogue
def r30_5_2_only_the_confirmation_reports_a_loss(scene: Scene):
    card, person = "521508838", ("500114198902109987", "370582")
    dials_and_chooses(scene.caller, "5", "2")
    identifies(scene.caller, *person)
    scene.caller.hears("loss-confirm")
    scene.caller.presses("2")
    scene.caller.hears("loss-not-confirmed")
    assert card_state(scene.town, card) == "active"
    scene.caller.hears("card-menu")
    scene.caller.presses("2")
    identifies(scene.caller, *person)
    scene.caller.hears("loss-confirm")
    scene.caller.hangs_up()
    scene.caller.waits(1)
    assert card_state(scene.town, card) == "active"
    dials_and_chooses(scene.caller, "5", "2")
    identifies(scene.caller, *person)
    scene.caller.hears("loss-confirm")
    scene.caller.presses("1")
    scene.caller.hears("loss-reported")
    assert card_state(scene.town, card) == "loss_reported"
    scene.caller.hears("loss-what-next")
    scene.caller.hears("loss-reference-is", within=20)


@dialogue
def r43_0_without_an_operator(scene: Scene):
    dials_and_chooses(scene.caller, "0")
    scene.caller.hears("operator-unstaffed")
    scene.caller.hears("main-menu")


@dialogue
def r42_silence_three_times_ends_in_a_goodbye(scene: Scene):
    scene.caller.dials("12333")
    scene.caller.hears("main-menu")
    scene.caller.hears("no-input", within=20)
    scene.caller.hears("no-input", within=20)
    scene.caller.hears("too-many-failures", within=30)
    scene.caller.hears("goodbye")
    scene.caller.is_hung_up()


@dialogue
def r42_keys_pressed_ahead_from_the_first_word_on(scene: Scene):
    """From the greeting straight to the PIN question, as those press who know the way."""
    scene.caller.dials("12333")
    scene.caller.hears("welcome")
    scene.caller.presses("3", "1", RETIRED[0], "#")
    scene.caller.hears("pin-enter", within=5)
    scene.caller.presses(RETIRED[1], "#")
    scene.caller.hears("account-menu")


def test_r6_no_pin_and_no_id_number_is_in_any_log(town: Hotline, played: dict[str, Future]):
    """Everything that the callers above have keyed must be nowhere."""
    wait(played.values())
    assert "says" in town.said()
    for secret in (RETIRED[1], WORKER[1], *NEW_PINS, "135792", RETIRED[0], WORKER[0], "500119198402109990"):
        assert secret not in town.said()
        found = [file for file in files_with(town.state, secret) if not file.name.startswith("hotline.db")]
        assert found == [], "the database alone may know who somebody is"
