"""What we say: texts with holes by channel and locale, and the sandbox that fills the holes."""
