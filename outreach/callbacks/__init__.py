"""People calling people: the agent channel, whose receipt is a disposition."""
