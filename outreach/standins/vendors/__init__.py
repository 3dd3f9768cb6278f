"""Vendors as they are documented: what they take, how they answer, and how they sign receipts.

One module for each, beside the module of `channels.vendors` that speaks to it. Nothing is taken
from there: what both ends had wrong would never be noticed.
"""
