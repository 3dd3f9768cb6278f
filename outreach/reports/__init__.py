"""What happened, to whom not and why: sums that close, and one touch explained."""
