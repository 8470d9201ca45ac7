"""Faults on purpose: what is killed comes back, nothing is lost, nothing happens twice."""
