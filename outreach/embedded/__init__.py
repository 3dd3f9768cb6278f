"""PostgreSQL and Valkey from wheels, for the desk, the demo and the tests."""
