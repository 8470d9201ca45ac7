"""Notify's reads: texts, deliveries, calendars."""
