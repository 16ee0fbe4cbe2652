"""What a caller hears: the words of every prompt, the recordings, and speech for numbers (R44, R46)."""
