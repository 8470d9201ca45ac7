"""Booking on real databases."""
