"""The hotline's menus (R40). Their prompts name the keys in this order."""

from __future__ import annotations

from agi.flows.catalogue import catalogue
from agi.flows.loss_report import loss_report
from agi.flows.operator import reach_operator
from agi.flows.personal_account import personal_account
from agi.flows.pin_change import pin_change
from agi.flows.unit_medical import unit_medical
from agi.flows.work_death import work_death
from agi.flows.work_injury import work_injury
from agi.menu import Menu

ENQUIRY_MENU = Menu(
    "enquiry-menu",
    {
        "1": personal_account,
        "2": work_injury,
        "3": work_death,
        "4": unit_medical,
        "5": catalogue,
        "0": reach_operator,
    },
)

CARD_MENU = Menu(
    "card-menu",
    {
        "1": pin_change,
        "2": loss_report,
        "0": reach_operator,
    },
)

MAIN_MENU = Menu(
    "main-menu",
    {
        "3": ENQUIRY_MENU,
        "5": CARD_MENU,
        "0": reach_operator,
    },
)
