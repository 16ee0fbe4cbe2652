"""Real data in (R50): a folder of CSV files, brought up to date by importing again."""
