"""Kernels that a submission cannot leave.

`limits` says what a kernel may use, `bubblewrap` makes bubblewrap's argument list, `host` asks what
this host offers, and `provisioners` start sandboxed kernels for jupyter_client. `kernel` holds the
process of one, `zmtp` and `connection` talk to it in bounded time and memory, `executor` runs code
in it, `outputs` collects what it shows, and `session` puts these together for one submission. The
files in ``inside/`` are all of ours that a kernel can see.
"""
