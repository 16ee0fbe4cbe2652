"""`python -m web.reader` watches this machine's card reader until a signal; `--simulated` has none, for the demo."""

from __future__ import annotations

import os
import sys

import click
from aiohttp import web

from core import demo
from core.context import open_context
from core.process import start_logging
from core.settings import Settings, SettingsError
from web.reader.layout import load_layout
from web.reader.server import HOST, is_on_this_machine, make_app
from web.reader.simulated import SimulatedReader, demo_tray
from web.reader.state import Reader


@click.command()
@click.option("--simulated", is_flag=True, help="No reader: a tray of the demo's cards. Refused beside real people.")
def main(simulated: bool) -> None:
    """Tell the page on this machine which card is in the reader. The settings come from the environment (HOTLINE_…)."""
    try:
        settings = Settings.from_env(os.environ)
        start_logging(settings)
        reader = _simulated_reader(settings) if simulated else _real_reader(settings)
    except SettingsError as error:
        sys.exit(str(error))
    try:
        web.run_app(
            make_app(reader, settings.reader_origins), host=HOST, port=settings.reader_port, print=None, access_log=None
        )
    except OSError as error:
        sys.exit(
            f"Port {settings.reader_port} on {HOST} can't be used ({error.strerror}): is another reader running? "
            "Else set HOTLINE_READER_PORT, here and at the website."
        )


def _simulated_reader(settings: Settings) -> Reader:
    elsewhere = [origin for origin in settings.reader_origins if not is_on_this_machine(origin)]
    if elsewhere:
        raise SettingsError(f"The simulated reader serves this machine alone, not {elsewhere[0]}.")
    context = open_context(settings)
    try:
        if not demo.is_alone(context):
            raise SettingsError("The simulated reader is for a database with the demo people and nobody else.")
    finally:
        context.engine.dispose()
    return SimulatedReader(demo_tray())


def _real_reader(settings: Settings) -> Reader:
    try:
        from web.reader.pcsc import PcscReader
    except ImportError as error:
        raise SettingsError(
            f"pyscard is missing ({error}): `make reader` installs it. Without a reader: --simulated."
        ) from error
    return PcscReader(load_layout(settings.card_layout), settings.reader_name)


if __name__ == "__main__":
    main()
