"""Persons whom a brand may have to contact, the addresses that reach them, and where they live."""
