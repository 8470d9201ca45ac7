"""Tests of roster proposals: no database, no server."""
