"""How fast and how large: `python -m tests.load`.

__main__.py      the command: which sections, how much of each
bench.py         how much, and what all sections share
sections.py      what is measured on the phone, and the aims
asterisk.py      Asterisk's side of many calls at once, over plain sockets
callers.py       what a caller presses in the personal-account flow, and how fast
crowd.py         many callers at once, and what came of them
bare.py          a server of plain pyst2 that does no work: what the phone's numbers are compared with
web_sections.py  what is measured on the website, and the aims
websites.py      the website over each database, and what its visitors ask for
visitors.py      many visitors at once, in a process of their own
bare_page.py     a server of plain aiohttp and Jinja2: what the website's numbers are compared with
servers.py       the real servers and the bare ones, started and watched
people.py        databases with ten thousand and a million cardholders
table.py         the table
"""
