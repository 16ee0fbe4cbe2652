"""What the first start makes, and what it does not make unasked."""

import pytest

from docker.check.containers import Containers
from docker.check.engine import EngineError
from tests.support.web.visitor import Visitor

PEOPLE = "SELECT count(*) FROM people"


@pytest.fixture(scope="module")
def hotline(empty: Containers) -> Containers:
    """Started for the first time, with no setting that is not needed."""
    empty.up()
    return empty


def secrets(hotline: Containers) -> dict[str, str]:
    """Everything that lets somebody in, by what it is."""
    phones = hotline.within("telephone", "cat", "/var/lib/hotline/sip-passwords.json")
    return {"phones": phones, "secret": hotline.within("hotline", "cat", "/var/lib/hotline/secret.key")}


def count(hotline: Containers, query: str) -> int:
    """A look into the database past all of our own code."""
    return int(hotline.within("database", "psql", "--dbname=hotline", "--tuples-only", f"--command={query}"))


def test_nobody_is_on_record_unless_demo_people_are_wished(hotline: Containers):
    assert count(hotline, PEOPLE) == 0
    assert Visitor(hotline.web_port).opens("/").status == 200


def test_the_database_lets_nobody_in_with_a_password(hotline: Containers):
    assert count(hotline, "SELECT count(*) FROM pg_authid WHERE rolpassword IS NOT NULL") == 0
    assert hotline.within("database", "psql", "--tuples-only", "--command=SHOW listen_addresses").strip() == ""
    as_postgres = "import psycopg; psycopg.connect('user=postgres dbname=hotline host=/var/run/postgresql')"
    assert "Peer authentication failed" in hotline.refuses("hotline", "python", "-c", as_postgres)


def test_the_hotline_is_no_superuser_of_the_database(hotline: Containers):
    assert count(hotline, "SELECT count(*) FROM pg_roles WHERE rolname = 'hotline' AND NOT rolsuper") == 1


def test_secrets_stand_in_no_setting_and_in_no_log(hotline: Containers):
    seen = hotline.compose("logs", "--no-color") + hotline.compose("config")
    seen += "".join(str(hotline.inspect(service)["Config"]) for service in hotline.states())
    for secret in secrets(hotline).values():
        for word in secret.replace('"', " ").split():
            assert len(word) < 20 or word not in seen


def test_a_setting_that_can_not_be_used_stops_the_start_with_a_sentence(hotline: Containers):
    with pytest.raises(EngineError, match="HOTLINE_RTP_PORTS"):
        hotline.compose("run", "--rm", "--no-deps", "--env=HOTLINE_RTP_PORTS=9", "telephone")


def test_every_first_start_makes_secrets_of_its_own(hotline: Containers):
    first = secrets(hotline)
    hotline.down("--volumes")
    hotline.up()
    second = secrets(hotline)
    assert all(len(first[name]) > 60 and first[name] != second[name] for name in first)
