"""One module for each provider that is spoken to over HTTP, named after it.

Each is pure: what to send, what the answer means, whether a receipt is genuine and what it says.
`twilio` is the one to copy; `catalogue` lists them.
"""
