"""Every operation on record: record.py leaves a row, chain.py seals it and finds tampering, reading.py looks through
them."""
