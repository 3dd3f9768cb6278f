"""Two pages for the people who work here: *Today* and *Why*. They show and change nothing."""
