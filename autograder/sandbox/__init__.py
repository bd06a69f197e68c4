"""Kernels that a submission cannot leave.

`limits` sets what a kernel may use, `bubblewrap` makes bubblewrap's argument list, `host` checks
what this host offers, `fork_server` forks sandboxed kernels, and `provisioners` starts them for
jupyter_client. `kernel` holds the process of one, `zmtp` and `connection` talk to it in bounded
time and memory, `executor` runs code in it, `outputs` collects its outputs, and `session` combines
these for one submission. The files in ``inside/`` are the grader's only files that a kernel can
see.
"""
