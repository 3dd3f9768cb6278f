"""One person's passage through one version of a campaign, and the touches planned for it."""
