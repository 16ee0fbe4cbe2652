"""python -m core: one module a group of commands, thin, without SQL. What is refused there is said by words.py."""
