"""The card reader of a kiosk or a clerk's desk, told to the page beside it: README.md says how."""
