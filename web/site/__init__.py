"""The public website: one module a subject, one function a page; each reads like its paragraph in the rules."""
