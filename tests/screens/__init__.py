"""Pictures of every screen, in both languages and both colours: `make screens`."""
