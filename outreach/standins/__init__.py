"""Providers that are not there: a mail relay, an SMS gateway, and vendors by name.

They speak the real protocols on 127.0.0.1, write down each message that they accept before they say
so, and can be told to refuse, break off or fall silent at a given message. `serving` runs them
within a process, `python -m outreach.standins` as processes of their own.
"""
