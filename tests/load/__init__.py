"""How fast and how large: `python -m tests.load`.

__main__.py   the command: which sections, how much of each
sections.py   what is measured, and the aims
asterisk.py   Asterisk's side of many calls at once, over plain sockets
callers.py    what a caller presses in the personal-account flow, and how fast
servers.py    the real server and the bare one, started and watched
bare.py       a server of plain pyst2 that does no work: what every number is compared with
people.py     databases with ten thousand and a million cardholders
table.py      the table
"""
