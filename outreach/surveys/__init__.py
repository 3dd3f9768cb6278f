"""What is asked of people, how their answers are read, and what the answers come to."""
