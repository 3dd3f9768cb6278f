"""Does what was pushed to us come from whom it says it comes from?

Shared by what platforms report (`events.sources`) and by what providers tell of messages
(`channels`): the request as it came, the verdict about it, and the comparison of signatures.
"""
