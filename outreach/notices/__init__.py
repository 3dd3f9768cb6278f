"""What staff are told in the group chats where they are: alarms as they come and go, and digests.

Not a way to persons: nothing here is gated, counted or repeated. `services` knows how each chat
wants a notice, `robots` reads which chats there are, `news` decides what is worth telling, and
`telling` tells it.
"""
