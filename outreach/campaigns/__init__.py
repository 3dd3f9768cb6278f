"""What should happen after an event: campaigns as documents, their conditions, and the library."""
