"""The businesses that an installation speaks for: how each signs, and how much contact it allows."""
