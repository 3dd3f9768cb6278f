"""How does a text look on a real screen before anybody else reads it? Sent to ourselves.

A proof goes to an address that the brand has listed as its own people's, and to no other. It is no
touch: no report, cap or bill of care knows of it, and its row says that its purpose is `test`.
"""
