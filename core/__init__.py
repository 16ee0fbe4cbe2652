"""The rulebook: what may be done, by whom, on which card. Knows no telephone, no browser, no wall clock.

rules.md       the numbered rules that code and tests cite (R1…), made from source.zh.md
service.py     the core as one caller, visitor or clerk may use it
identity/      who is it: identification, wrong attempts, what a PIN may be, visits of whoever has signed in (R1–R7)
cards/         a card's PIN (R20–R26), its loss and its replacement (R30–R37)
enquiries/     what is on record: accounts, insurance, the catalogue, offices (R10–R19)
staffed/       cases at a window, PIN pads, staff, kiosks (R2, R26)
audit/         what happened, sealed (R8, R47)
records/       the tables, the database, the migrations
data_in/       real data in (R50); demo/ the invented people
jobs.py        what is done while nobody waits
cli/           the shell: python -m core
context.py     database, settings, keys and clock, made once a process
permissions.py who may do what (section 2 of the rules, and the roles), with actor.py, who asks
errors.py      what can go wrong by the rules; values.py the fixed words of the rules
numbers.py     ID, card, personal and unit numbers: their form, and how they are masked (R1, R6)
vault.py       how a PIN is kept (R6), with keys.py
settings.py    every setting, read once from the environment
forms.py       forms that are sent twice; workload.py what an operation costs; faults.py where something failed

Arrows point down this list of layers, which pyproject.toml has and `make check` holds: cli, jobs, demo, data_in,
service and staffed, cards, enquiries, identity, audit, context, records, and what stands alone.
"""
