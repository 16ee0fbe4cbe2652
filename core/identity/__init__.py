"""Who is it: numbers and PINs compared (R1–R6), wrong attempts counted, visits of whoever has signed in."""
