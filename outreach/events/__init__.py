"""Facts come in: each accepted once per business key, whoever reports it and however often."""
