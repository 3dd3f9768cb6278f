"""Who asked for which change, and has anybody tampered with the record of it?"""
