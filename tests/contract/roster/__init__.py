"""Contract tests of the roster."""
