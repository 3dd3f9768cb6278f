"""Know before, know after: what a campaign would do, or did, on a clock of its own.

The days pass in a database beside the installation's, through the same statements and the same
gate; nothing is sent, and nothing of the installation is written.
"""
