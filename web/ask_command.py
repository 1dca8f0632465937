"""``citewell ask``: the answer to one question, for people or as the interface gives it."""

import json
import sys
from collections.abc import Sequence

import click

import bot
from bot.errors import CitewellError
from bot.telling import explanation, reply_text
from web.clock import today
from web.inputs import MAX_CONTEXT, check_text
from web.options import LoadSettings, setting_options
from web.replies import answer_json
from web.terminal import width

NO_ANSWER = 1
EXPLAINED_HITS = 3


@click.command()
@click.argument("question")
@click.option("--context", multiple=True, metavar="TEXT", help="What was asked before; repeat it, oldest first.")
@click.option("--json", "as_json", is_flag=True, help="Print the reply as POST /api/chat gives it.")
@click.option("--explain", is_flag=True, help="Show why: the judgment, the terms searched, what each added.")
@setting_options("corpus")
@click.pass_obj
def ask(
    load: LoadSettings,
    /,
    question: str,
    context: tuple[str, ...],
    *,
    as_json: bool,
    explain: bool,
    **options: str | None,
) -> None:
    """Answer QUESTION: the passage, its source, the advice to consult."""
    _refuse_unreadable(question, context)
    answerer = bot.build(load(options).corpus)
    answer = answerer.answer(question, context=context, today=today())
    if as_json:
        click.echo(json.dumps(answer_json(answer), ensure_ascii=False, indent=2))
    else:
        click.echo(reply_text(answer, width()))
    if explain:
        found = answerer.find(question, context=context, limit=EXPLAINED_HITS)
        click.echo("\n" + explanation(found, width()), err=as_json)
    sys.exit(0 if answer.kind == "answer" else NO_ANSWER)


def _refuse_unreadable(question: str, context: Sequence[str]) -> None:
    """The limits of ``POST /api/chat``, for what came from the command line."""
    if len(context) > MAX_CONTEXT:
        message = f"--context may stand {MAX_CONTEXT} times at most; it stands {len(context)} times"
        raise CitewellError(message)
    for name, written in (("the question", question), *(("--context", earlier) for earlier in context)):
        if error := check_text(written):
            message = f"{name} {error}"
            raise CitewellError(message)
