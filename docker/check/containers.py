"""compose.yaml as a test starts it, asks it and ends it: under a name and on ports of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from docker.check.engine import Engine, EngineError
from tests.support.ports import free_port

NAME = "hotline-12333-check"
RTP_PORTS = (19100, 19119)
SERVICES = ("database", "telephone", "hotline", "web")


def free_ports() -> dict[str, str]:
    """Settings under which the containers take no port from anybody."""
    return {
        "HOTLINE_SIP_PORT": str(free_port()),
        "HOTLINE_WEB_PORT": str(free_port()),
        "HOTLINE_RTP_PORTS": "-".join(map(str, RTP_PORTS)),
    }


@dataclass(frozen=True)
class Containers:
    """What compose.yaml makes under these settings."""

    engine: Engine
    settings: dict[str, str] = field(default_factory=free_ports)

    def compose(self, *arguments: str, **more: str) -> str:
        """`docker compose ARGUMENTS`; nobody's docker/.env counts."""
        file = self.engine.project / "docker/compose.yaml"
        common = ("compose", "--env-file=/dev/null", f"--file={file}", f"--project-name={NAME}")
        return self.engine.docker(*common, *arguments, **self.settings | more)

    def up(self) -> None:
        """Returns when everything is healthy."""
        try:
            self.compose("up", "--detach", "--wait", "--no-build", "--pull=never")
        except EngineError as error:
            raise EngineError(f"{error}\n{self.compose('logs', '--no-color', '--tail=20')}") from error

    def down(self, *options: str) -> None:
        self.compose("down", *options)

    def within(self, service: str, *command: str) -> str:
        """Runs a command in a service's container."""
        return self.compose("exec", "-T", service, *command)

    def refuses(self, service: str, *command: str) -> str:
        """Runs a command that must fail there; returns what it said."""
        try:
            said = self.within(service, *command)
        except EngineError as error:
            return str(error)
        raise AssertionError(f"{service} allows {' '.join(command)}: {said}")

    def states(self) -> dict[str, dict]:
        """What `docker compose ps` tells of each service."""
        lines = self.compose("ps", "--all", "--format=json").splitlines()
        return {state["Service"]: state for state in map(json.loads, lines)}

    def inspect(self, service: str) -> dict:
        """Everything that Docker knows of a service's container."""
        return json.loads(self.engine.docker("inspect", self.states()[service]["ID"]))[0]

    def login(self) -> dict:
        """The softphone's."""
        return json.loads(self.within("telephone", "cat", "/var/lib/hotline/softphone.json"))

    @property
    def web_port(self) -> int:
        return int(self.settings["HOTLINE_WEB_PORT"])
