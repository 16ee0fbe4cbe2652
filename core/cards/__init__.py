"""What becomes of a card: its PIN changed (R20–R26), its loss reported, written up, released (R30–R35), a new one
handed over (R36)."""
