"""Two brands, 300 people, a few days: real processes and servers, on a clock that is stepped."""
