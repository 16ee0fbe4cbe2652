"""`python -m dialplan` runs Asterisk and its guard, for a FastAGI server elsewhere; `check` asks whether they answer.

The guard takes the server's port on loopback, so that it can be asked too.
"""

import os
import socket
import sys
from contextlib import closing

from core.settings import Settings, SettingsError
from dialplan import asterisk, fetch, guard, telephone
from supervisor import CannotRun, say, supervise

USAGE = "usage: python -m dialplan [check]"
LOOPBACK = "127.0.0.1"


def run(settings: Settings) -> None:
    """Serves phones until a signal."""
    os.umask(0o077)
    program = fetch.find_asterisk(os.environ, say)
    with closing(socket.create_server((LOOPBACK, settings.agi_port), backlog=4096)) as listener:
        parts = telephone.make_parts(settings, program, listener)
        supervise(parts, f"ready: {telephone.how_to_call(settings)}")


def answers(settings: Settings) -> bool:
    """Whether both parts answer that `run` has started."""
    home = asterisk.Home(settings.state_dir.absolute() / "asterisk", None)
    return guard.answers(LOOPBACK, settings.agi_port) and asterisk.answers(home, settings)


def main(arguments: list[str]) -> None:
    """Exit code 0 after a signal or a good answer, 1 with one sentence otherwise."""
    if arguments not in ([], ["check"]):
        sys.exit(USAGE)
    try:
        settings = Settings.from_env()
        if not arguments:
            run(settings)
        elif not answers(settings):
            sys.exit("The telephone does not answer.")
    except (CannotRun, SettingsError, fetch.NoAsterisk) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
