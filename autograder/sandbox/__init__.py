"""Kernels that a submission cannot leave.

`limits` says what a kernel may use, `walls` makes bubblewrap's argument list and asks what this
host offers, `provisioner` starts kernels behind them for jupyter_client, `session` runs cells and
requests in one and ends it. The files in ``inside/`` are all of ours that a kernel can see.
"""
