"""The rulebook: pure functions over plain values, beneath all domains.

No Flask, no database, no clock, no global chance: what a rule needs is an argument, what it decides is the return value.
"""
