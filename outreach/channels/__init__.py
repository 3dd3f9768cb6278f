"""How a filled-in text leaves, and what is known about it afterwards.

Each way out takes a handful of texts and gives one answer for each: accepted, refused (surely not
sent) or uncertain. `protocol` is what the dispatcher relies on, `opening` builds a way out from its
URL, and the other modules are one way each; `memory` is the shortest to copy from.
"""
