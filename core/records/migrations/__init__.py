"""Alembic's migrations. What they need of the code they bring along: living code changes, a migration does not."""
