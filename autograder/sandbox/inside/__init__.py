"""The only files of ours that a kernel can see: launcher, agent and wire format."""
