"""Everything that starts the suite: processes, settings, servers and containers."""
