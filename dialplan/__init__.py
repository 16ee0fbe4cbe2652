"""Everything Asterisk reads, and the few programs that put it in place: fetch, render, start, guard."""
