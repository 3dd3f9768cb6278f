"""May we contact this person, for this purpose, on this channel?

A library of its own: it keeps who agreed, who withdrew and whom nobody may contact, and answers in
one pure function. `registry.Registry` is its front door; it knows nothing of campaigns.
"""
