"""`python -m web.reader` itself: how it starts, and when it does not."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from core import demo
from core.actor import Actor
from core.context import open_context
from core.data_in.csv_import import import_folder
from core.settings import Settings
from tests.support.reader import program
from tests.support.reader.page import CARD_OUT, Page, card_in, reader_ready
from web.reader.simulated import NAME

SHELL = Actor.shell("test")
PERSON = "id_number,personal_number,name,district,unit_number,employment,phone\n{},20000001,某人,渝中区,,flexible,\n"


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo people, to be copied."""
    folder = tmp_path_factory.mktemp("demo")
    context = open_context(Settings(state_dir=folder, hash_memory_kib=8, hash_time_cost=1))
    demo.load(context, SHELL, report=lambda problem: None)
    context.engine.dispose()
    return folder


@pytest.fixture
def state(demo_folder: Path, tmp_path: Path) -> Path:
    """A state folder with the demo people."""
    return shutil.copytree(demo_folder, tmp_path / "state")


def test_the_simulated_reader_beside_the_demo(state: Path, pages: Callable[..., Page]):
    settings = program.environment(state, web_port=8181)
    with program.running(state / "log", settings, "--simulated") as port:
        page = pages(port, "http://localhost:8181")
        page.hears(reader_ready(NAME))
        assert page.hears_a_tray()["1"] == "王建国：正常"
        page.hears(CARD_OUT)
        page.says(do="insert", card="1")
        page.hears(card_in("A20479365"))
    assert "A20479365" not in (state / "log").read_text()


def test_a_connected_page_is_told_when_the_program_ends(state: Path, pages: Callable[..., Page]):
    with program.running(state / "log", program.environment(state), "--simulated") as port:
        page = pages(port)
    assert page.is_cut_off()


def test_the_simulated_reader_refuses_beside_real_people(state: Path, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("data")
    (folder / "people.csv").write_text(PERSON.format("500103199001019971"), encoding="utf-8")
    context = open_context(Settings(state_dir=state))
    assert sum(file.rows for file in import_folder(context, SHELL, folder, report=lambda problem: None)) == 1
    context.engine.dispose()
    said = program.refusal(program.environment(state), "--simulated")
    assert "nobody else" in said and "Traceback" not in said


def test_the_simulated_reader_refuses_beside_an_empty_database(tmp_path: Path):
    assert "demo people" in program.refusal(program.environment(tmp_path), "--simulated")


def test_the_simulated_reader_serves_no_site_elsewhere(state: Path):
    settings = program.environment(state, reader_origins="http://127.0.0.1:8080, https://12333.example.cn")
    assert "https://12333.example.cn" in program.refusal(settings, "--simulated")


def test_a_port_in_use_is_told_with_its_setting(state: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = program.environment(state, reader_port=taken.getsockname()[1])
        said = program.refusal(settings, "--simulated")
    assert "HOTLINE_READER_PORT" in said and "Traceback" not in said


@pytest.mark.parametrize("layout", ["nonsense", "no.such:Layout", "core.numbers:NoSuchClass", "core.numbers:mask_name"])
def test_a_layout_that_there_is_not_stops_the_start(tmp_path: Path, layout: str):
    pytest.importorskip("smartcard")
    said = program.refusal(program.environment(tmp_path, card_layout=layout))
    assert "HOTLINE_CARD_LAYOUT" in said and "Traceback" not in said
