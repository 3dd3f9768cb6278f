"""At which instants may we contact a person at this place, on this channel, for this purpose?

Evidence about a person becomes a place (`places`), a place and a purpose become dated rules
(`packs`), and rules and zones become the next admitted instant (`window`); `judge.when` is the
front door. Law is data in `packs/*.yaml`: an engineering reference, not legal advice.
"""
