"""A dispatcher of proactive care and campaigns."""
