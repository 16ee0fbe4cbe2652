"""The touch screen in the hall: one module a subject, one function a page."""
