"""The telephone: a FastAGI server, the manners of a call, and one function a flow (R40–R45)."""
