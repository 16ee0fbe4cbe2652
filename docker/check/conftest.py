"""The containers under test, and the phones and browsers in front of them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from docker.check.containers import Containers
from docker.check.engine import Engine
from sounds.library import SHIPPED
from tests.support.telephony.phone import Phone, phones_in
from tests.support.web.visitor import Visitor


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The one that `python -m docker.check` has started, and built the images in."""
    if "CHECK_ENGINE" not in os.environ:
        pytest.exit("run `make docker-check`: it finds or makes a Docker engine and builds the images", 2)
    process = os.environ["CHECK_ENGINE"]
    return Engine(int(process) if process else None)


@pytest.fixture(scope="module")
def empty(engine: Engine) -> Iterator[Containers]:
    """Containers before their first start; in the end nothing is left of them."""
    containers = Containers(engine)
    containers.down("--volumes")
    yield containers
    containers.down("--volumes")


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    """Makes phones, and puts all of them away at the end."""
    with phones_in(tmp_path) as make:
        yield make


@pytest.fixture
def caller(empty: Containers, phones: Callable[..., Phone]) -> Phone:
    """Somebody with the softphone."""
    return phones(empty.login(), SHIPPED)


@pytest.fixture
def visitors(empty: Containers) -> Callable[..., Visitor]:
    """visitors() is somebody with a browser."""
    return lambda **headers: Visitor(empty.web_port, **headers)
