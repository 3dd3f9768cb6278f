"""May we contact this person, for this purpose, on this channel?"""
