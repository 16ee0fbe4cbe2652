"""The database: its tables, how it is opened, and the migrations that bring it up to date."""
