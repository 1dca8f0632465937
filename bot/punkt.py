"""nltk's Punkt, told what ends a sentence. Floor 0: imports nothing of ours.

Apart from `bot.sentences`, which imports it when there is something to cut: that loads all of nltk.
"""

from nltk.tokenize.punkt import PunktLanguageVars, PunktParameters, PunktSentenceTokenizer

# Set by us, not trained: a trained model would have to be downloaded.
_ABBREVIATIONS = ("approx", "cf", "dr", "e.g", "etc", "fig", "i.e", "mr", "mrs", "ms", "prof", "st", "vs")


class _Ends(PunktLanguageVars):  # type: ignore[misc] # nltk has no types
    """Punkt's own sentence ends, and those of Bengali, Hindi, Arabic and Urdu."""

    sent_end_chars = (".", "?", "!", "।", "॥", "؟", "۔")


def sentence_tokenizer() -> PunktSentenceTokenizer:
    """What cuts a text in sentences."""
    parameters = PunktParameters()
    parameters.abbrev_types.update(_ABBREVIATIONS)
    return PunktSentenceTokenizer(parameters, lang_vars=_Ends())
