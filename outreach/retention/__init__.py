"""How long is the detail of a contact kept?

Verdicts, proven attempts, receipts, settlements, and what agents read and wrote go in the end.
Names stay: nothing is told or sent twice for only as long as what was told and sent has a name. So
events, passages and touches are kept; what they say of a person goes when that person is erased.
"""
