"""Proposals for a roster: who could take which shift, why, and what stands in the way. Pure: no database, no HTTP.

`problem` is what is asked, `rules` what must hold, `objective` what is better; `solvers` answer, `reasons` and
`gaps` explain, `check` is a second opinion that shares no line with them.
"""
