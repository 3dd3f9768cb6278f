"""The command line: the same nouns as the API, one command per function, no rule of its own."""
