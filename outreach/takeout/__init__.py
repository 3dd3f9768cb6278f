"""All of a brand, written as open files and brought in by another installation.

Rows go as lines of JSON, a file a table, personal data opened; documents beside them as they were
written. What comes in was written by somebody else: every line is held against the table that it is
for, the whole of it is one transaction, and the brand does nothing until somebody lets it go on.
"""
