"""Runs hidden tests in a trusted process, against a kernel that is not trusted.

A name of the student's is a `Proxy` here. What the student's code is given are inputs; what it
gives back is data. Expected values, assertions and points never leave this process.
"""
