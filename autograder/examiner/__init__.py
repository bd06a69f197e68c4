"""Runs hidden tests in a trusted process, against a kernel that is not trusted.

A student's object is a `Proxy` here. The student's code gets inputs and returns plain data.
Expected values, assertions and points never leave this process.
"""
