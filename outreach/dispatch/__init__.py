"""The moment of contact: gather, judge once more, write it down, hand it over, settle."""
