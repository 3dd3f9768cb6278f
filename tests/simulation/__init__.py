"""The dispatcher in a world where everything but the database is decided by one seed.

Workers, a reaper, people who opt out and somebody who pauses campaigns take turns, a step at a
time, against a real PostgreSQL; they die between any two steps. One seed replays one run.
"""
