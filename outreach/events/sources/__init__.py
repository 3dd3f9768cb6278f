"""What platforms push to us: a module each, which knows its signature and what its words mean."""
