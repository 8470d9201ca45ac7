"""Histories: long random lives of sessions, bookings and waitlists, and the rules that hold after each step."""
