"""Fits the judge to a corpus without a judged question. Floor 6: knows `answering`, `judging`, `measures`, `model` and `topics`.

Questions that the content answers are its own headings and ways to ask, each held out of the index while it is asked.
Questions that it does not answer are those that the clinic lists as not covered and the bundled ones, a whole topic
held out at a time. A heading is held out as a way to ask; the page keeps its text.
"""
