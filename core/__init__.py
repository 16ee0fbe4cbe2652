"""The rulebook: what may be done, by whom, on which card. Knows no telephone, no browser, no wall clock.

rules.md          the numbered rules that code and tests cite (R1…), made from source.zh.md
desk.py           the door: the core as one caller, visitor or clerk may use it
settings.py       every setting, read once from the environment
actor.py          who asks, through which door
permissions.py    what each door may do (section 2 of the rules, as data)
numbers.py        ID, card, personal and unit numbers: their form, and how they are masked (R1, R6)
pins.py           how a PIN is kept (R6) and what a new one may be (R23)
attempts.py       wrong PINs and wrong callers, counted (R4, R5)
identification.py who is calling (R1–R7)
account.py        enquiries by phone and by number (R10, R14–R17)
insurance.py      what is on record in each insurance (R11, R14)
person_data.py    who somebody is, their reports and health data (R11, R12, R31)
statement.py      the record to take away (R11)
catalogue.py      drugs and treatment items (R18); offices.py the offices
pin_change.py     changing and resetting the PIN (R20–R26)
loss.py           a lost card, from report to replacement (R30–R37)
counter.py        a clerk's window, one case a person (R2); pin_pads.py the screen on which a person keys a PIN there
staff.py          clerks and administrators; staff_sessions.py who of them is signed in
kiosks.py         the touch screens that may open visits
sessions.py       visits of signed-in people (R25); forms.py forms that are sent twice
audit.py          what happened, sealed (R8, R47); audit_reading.py an administrator's look at it
jobs.py           what is done while nobody waits (R8, R31): (name, job, interval)
schema.py         the tables; migrations/ brings a database up to them
csv_import/       real data in (R50); demo/ the invented people
__main__.py       the shell: python -m core, with cli_*.py
"""
