"""A small stand-in for xax's queue: its files, its lock, its observer and its queued launcher, for hosts without xax.

It shows what xaxbot relies on, in the forms that xax 0.4.9 has; what a job does is up to the test.
"""
