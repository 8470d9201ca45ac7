"""Booking: slots, appointments, enrolments, visits and tickets."""
