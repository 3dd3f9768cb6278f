"""May these rows of people leave, and who said so?

Whoever takes out more than a few in a day needs the word of another person first. What was asked
for is kept row by row, so that what leaves is what was approved, and nothing that came since.
"""
