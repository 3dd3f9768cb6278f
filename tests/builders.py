"""What do tests build with? Plain functions with good defaults."""
