"""Settings and the secret: bad ones stop the start with a sentence (design: configuration)."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from core.context import open_context
from core.keys import load_keys
from core.settings import Settings, SettingsError
from tests.support.core.databases import CHEAP

ROOT = Path(__file__).parents[2]
SETTLED_BY_COMPOSE = (
    "HOTLINE_STATE_DIR",
    "HOTLINE_DATABASE_URL",
    "HOTLINE_SECRET",
    "HOTLINE_AGI_HOST",
    "HOTLINE_AGI_PORT",
)
# A card reader is where the browser is, and no container.
OF_THE_READERS_MACHINE = (
    "HOTLINE_READER_ORIGINS",
    "HOTLINE_READER_NAME",
    "HOTLINE_CARD_LAYOUT",
    "HOTLINE_SIMULATED_READER",
)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("HOTLINE_SIP_PORT", "many"),
        ("HOTLINE_SIP_PORT", "0"),
        ("HOTLINE_AGI_PORT", "70000"),
        ("HOTLINE_REQUIRE_PIN_CHANGE", "perhaps"),
        ("HOTLINE_TIMEZONE", "Asia/Nowhere"),
        ("HOTLINE_PIN_LOCK_THRESHOLD", "-1"),
        ("HOTLINE_LOSS_REPORT_TERM_DAYS", "0"),
        ("HOTLINE_SOUNDS_DIR", "/nowhere/at/all"),
        ("HOTLINE_SIP_PUBLIC_HOST", "0.0.0.0"),
        ("HOTLINE_RTP_PORTS", "10000"),
        ("HOTLINE_RTP_PORTS", "20000-10000"),
        ("HOTLINE_RTP_PORTS", "10-20000"),
        ("HOTLINE_RTP_PORTS", "1023-20000"),
        ("HOTLINE_RTP_PORTS", "20000-20000"),
        ("HOTLINE_RTP_PORTS", "20000-65536"),
    ],
)
def test_a_bad_setting_is_named(variable, text):
    with pytest.raises(SettingsError, match=variable):
        Settings.from_env({variable: text})


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("https://Hotline.example", {"https://hotline.example"}),
        ("https://hotline.example:443/, http://localhost:80", {"https://hotline.example", "http://localhost"}),
        ("http://127.0.0.1:8081", {"http://127.0.0.1:8081"}),
        ("", {"http://127.0.0.1:8080", "http://localhost:8080"}),
    ],
)
def test_a_readers_pages_are_named_as_browsers_name_them(text, origins):
    assert Settings.from_env({"HOTLINE_READER_ORIGINS": text}).reader_origins == origins


@pytest.mark.parametrize(
    "text", ["ftp://hotline.example", "https://", "https://hotline.example/page", "hotline.example"]
)
def test_what_is_no_origin_is_named(text):
    with pytest.raises(SettingsError, match="HOTLINE_READER_ORIGINS"):
        Settings.from_env({"HOTLINE_READER_ORIGINS": text})


@pytest.mark.parametrize(
    "setting", [each for each in fields(Settings) if "least" in each.metadata], ids=lambda each: each.name
)
def test_a_number_may_be_the_least_and_the_most_and_no_other_beyond(setting):
    variable, least, most = (setting.metadata[name] for name in ("variable", "least", "most"))
    for number in (least, most):
        assert getattr(Settings.from_env({variable: str(number)}), setting.name) == number
    for number in (least - 1, most + 1):
        with pytest.raises(SettingsError, match=f"{variable} must lie between {least} and {most}"):
            Settings.from_env({variable: str(number)})


@pytest.mark.parametrize(("text", "ports"), [("1024-65535", (1024, 65535)), ("10000-10001", (10000, 10001))])
def test_a_range_of_ports_may_be_as_wide_and_as_narrow_as_this(text, ports):
    assert Settings.from_env({"HOTLINE_RTP_PORTS": text}).rtp_ports == ports


def test_an_empty_variable_is_the_default():
    assert Settings.from_env({"HOTLINE_SIP_PORT": ""}) == Settings.from_env({})


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_every_setting_stands_in_the_readme_with_its_default(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for setting in fields(Settings):
        row = re.search(rf"^\| `{setting.metadata['variable']}` \| `?([^|`]*)`? \|", text, re.MULTILINE)
        assert row, f"{setting.metadata['variable']} is not in {page}"
        default = setting.default
        if isinstance(default, int) and not isinstance(default, bool):
            assert row[1].strip() == str(default)


def test_every_setting_reaches_the_containers_that_they_do_not_settle_among_themselves():
    text = (ROOT / "docker/compose.yaml").read_text(encoding="utf-8")
    for setting in fields(Settings):
        variable = setting.metadata["variable"]
        handed_on = re.search(rf"^ +{variable}:$|\$\{{{variable}:-", text, re.MULTILINE)
        assert bool(handed_on) != (variable in SETTLED_BY_COMPOSE + OF_THE_READERS_MACHINE), variable


def test_r6_secrets_do_not_show():
    shown = repr(Settings.from_env({"HOTLINE_SECRET": "x" * 40, "HOTLINE_DATABASE_URL": "postgresql://u:hidden@h/d"}))
    assert "xxx" not in shown and "hidden" not in shown
    assert "xxx" not in repr(load_keys(Settings(secret="x" * 40)))


def test_r6_the_secret_is_made_once_readable_by_its_owner_alone(tmp_path):
    settings = Settings(state_dir=tmp_path)
    assert load_keys(settings) == load_keys(settings)
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_r6_a_weak_secret_stops_the_start():
    with pytest.raises(SettingsError, match="shorter than 32"):
        load_keys(Settings(secret="short"))


def test_r6_another_secret_than_the_databases_stops_the_start(context, settings):
    other = replace(settings, secret="another secret for tests only, also long")
    with pytest.raises(SettingsError, match="not the one"):
        open_context(other)


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_a_database_that_we_do_not_know_stops_the_start(url, tmp_path):
    with pytest.raises(SettingsError, match="HOTLINE_DATABASE_URL"):
        open_context(Settings(state_dir=tmp_path, database_url=url, **CHEAP))
