"""`make docker-check`: the images built, the containers started, a call placed into them, a page read from them.

engine.py        the machine's Docker engine, or one made here where there is none
stand_ins.py     the public base images where no registry can be reached, made from Debian's packages; postgres/
containers.py    compose.yaml as a test starts it, asks it and ends it
test_….py        the dialogues
"""
