"""Who may speak to this installation for which brand."""
