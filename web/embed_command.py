"""``citewell embed``: what puts Citewell on a website."""

import click

from bot.corpus import load_corpus
from web import embedding
from web.options import LoadSettings, setting_options
from web.widget import load_widget


@click.command()
@click.argument("address")
@click.option("--site", metavar="ORIGIN", help="The website it is for. [default: site in clinic.toml]")
@setting_options("corpus")
@click.pass_obj
def embed(load: LoadSettings, /, address: str, site: str | None, **options: str | None) -> None:
    """Print what puts Citewell on a website: ADDRESS is where Citewell is reached, such as https://ask.clinic.example."""
    reached = embedding.citewell_address(address)
    clinic = load_corpus(load(options).corpus).clinic
    written = site if site is not None else clinic.site
    origin = embedding.site_origin(written) if written is not None else None
    widget = load_widget()
    pinned = embedding.pinned_line(reached, clinic, release=widget.release, integrity=widget.integrity)
    click.echo(embedding.instructions(reached, clinic, origin, pinned))
