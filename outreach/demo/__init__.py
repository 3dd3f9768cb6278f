"""Two brands, 300 people, two weeks: real processes and servers, on a clock that is stepped."""
