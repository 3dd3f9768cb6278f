"""The businesses that an installation speaks for: how each signs, how often it may contact."""
