"""The moment of contact: gather everything, judge once more, write it down, hand it over, settle."""
