"""Benchmarks: what an issue gives a number for is measured here, never in a test. `make bench` runs them all."""
