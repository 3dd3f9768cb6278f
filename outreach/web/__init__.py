"""How do HTTP requests reach the application?

`server` puts it together, `api/` has one module per noun, `public` holds what strangers may open
and `pages/` the two pages for people who work here. A route parses, calls one function of a room
and answers; every rule lives elsewhere.
"""
