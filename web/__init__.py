"""The public website: server-rendered pages over the core."""
