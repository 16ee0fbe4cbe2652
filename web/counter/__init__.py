"""The clerks' windows and what administrators manage: one module a subject, one function a page."""
