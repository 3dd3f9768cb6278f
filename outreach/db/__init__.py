"""The database: one engine, every table on one page, and the steps that led there."""
