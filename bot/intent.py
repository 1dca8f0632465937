"""What a question wants to know: why, how to prevent, how to treat … Floor 2: knows `analysis` only.

Passages on the same thing share all its nouns; what tells them apart is how people ask. Every way to ask and every
question is searched also by its intents, terms of their own beside its words. English only: a question in another
language has none.
"""

import regex

from bot.analysis import fold

MARK = "?"
"""What an intent's term begins with: no word does."""

_I = r"(?:i|we|you|he|she|they|one|people|runners?|someone)"
_MY = r"(?:my|the|your|his|her|their|our|a|me|it|this|that|them)"
_CAN = r"(?:can|could|should|shall|do|does|did|to|must|would|will|may|might|ought)"

# In the order in which they are looked for; a question may have several. Gaps are bounded, so that time stays linear.
_PATTERNS = {
    "cause": rf"""why|how come|caus\w+|reasons?|due to|because|to blame|blam\w+|fault|come[s]? from|coming from|linked?
        |connect\w+|related|behind (?:it|this|my|the)|lead[s]? to|leading to|mak(?:e|es|ing) {_MY}|giv(?:e|es|ing) (?:{_I}|{_MY})
        |bring[s]? (?:it )?on|sets? (?:it |{_MY} .{{0,15}})?off|responsible|contribut\w+|trigger\w*|down to|root of|culprit|explains?""",
    "prevent": rf"""prevent\w*|avoid\w*|ward\w* off|head\w* off|keep\w* .{{0,20}}(?:from|away|at bay|off)|protect\w*|guard
        |stop\w* .{{0,25}}(?:hurting|aching|happening|coming|getting)|stop (?:it|this|that|getting)|so (?:that )?(?:my|it|i|the) .{{0,20}}(?:doesnt|dont|wont|does not|will not)
        |com(?:e|es|ing) back|never again|again|(?:lower|reduce|cut|lessen)\w* .{{0,10}}(?:risk|chance|odds)|less likely|in the first place|without (?:getting|hurting)|look after|repeat""",
    "treat": rf"""treat\w*|cure[sd]?|heal\w*|reliev\w*|relief|eas(?:e|es|ed|ing)|get\w* rid|fix\w*|remed\w+|sooth\w+|sort\w* out|put right
        |recover\w*|settl\w+|options?|manag\w+|deal with|calm\w*|(?:make|feel|get|getting) .{{0,8}}better|go away|what first|good for|works? for
        |what {_CAN} (?:{_I} )?(?:do|take|try|use) (?:about|for|when|if|now|first|with)|what (?:helps|works)|help\w* (?:with|for|{_MY})""",
    "seek help": rf"""doctors?|dr|gp|physio\w*|professional|specialist|expert|see (?:a|some|the)|someone|somebody|checked|looked at
        |appointment|when {_CAN} {_I}|get help|consult\w*|clinic|hospital|worried|serious|emergency""",
    "effect": rf"""(?:do|does|did|will|would|can|could|is|are) .{{0,40}}(?:help|work|good|useful|worth|better|reduce|improve|benefit|difference)\w*
        |any point|worth it|evidence|proof|proved?|proven|studies|research|true that""",
    "harm": r"""bad for|harm\w*|damag\w+|wreck\w*|ruin\w*|dangerous|worse\w*|risky?|hurt myself|unsafe|make it worse""",
    "carry on": rf"""(?:can|should|could|may|still|keep|carry on|continue|go on|stop|okay? to|safe to|allowed to|fine to|quit|give up) .{{0,20}}(?:run\w*|jog\w*|train\w*|exercis\w+)""",
    "how to": rf"""how (?:do|does|should|can|to|must|would|shall) (?:{_I}\b)?|best way|proper\w*|correct\w*|right way|technique|tips?|advice|teach|show me""",
    "which": r"""which|what (?:kind|type|sort)s?|best|list|examples?|names? of|recommend\w*""",
    "what is": r"""what(?:s| is| are)(?: an?| the)? \w+(?: \w+)?$|mean(?:s|ing)?|definition|explain""",
    "how common": r"""how (?:common|many (?:people|runners|of)|likely|usual)|common\w*|percent\w*|chances?|odds|most (?:runners|people)""",
    "how long": r"""how long|how soon|how (?:many|much) (?:days?|weeks?|months?|time|hours?|minutes?)|when will|until|last(?:s|ing)?""",
    "how much": r"""how (?:much|many|often|far|fast|high|deep|big|hot|cold|old)|what (?:dose|amount|number|temperature|weight|speed|size|age|percent\w*)|per (?:day|week)|maximum|minimum""",
    "price": r"""price\w*|cost\w*|fees?|charges?|cheap\w*|expensive|pay|paid|free of|taka|dollars?|rupees?|afford""",
    "brand": r"""brands?|models?|compan(?:y|ies)|where (?:can|do|to) .{0,10}(?:buy|get|find)|buy|shop|store|app|website|video""",
    "side effects": r"""side effects?|complications?|success rates?|reactions?|interact\w*|mix(?:ed|ing)? with|together with|along with""",
}  # fmt: skip

_INTENTS = {
    MARK + name: regex.compile(rf"\b(?:{''.join(line.strip() for line in pattern.splitlines())})\b")
    for name, pattern in _PATTERNS.items()
}


def intents(text: str, language: str) -> tuple[str, ...]:
    """The terms for what ``text`` wants to know, each once.

    >>> intents("How do I stop my back hurting?", "en")
    ('?prevent', '?how to')
    >>> intents("আমার কোমরে ব্যথা কেন?", "bn")
    ()
    """
    if language != "en":
        return ()
    folded = fold(text, language)
    return tuple(term for term, pattern in _INTENTS.items() if pattern.search(folded))
