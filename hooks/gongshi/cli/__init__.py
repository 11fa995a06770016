"""The command `gongshi`."""
