"""The fixed sentences that Citewell says itself, each with one home. Floor 0: imports nothing of ours.

Everything else that a visitor reads is the clinic's. After the wording rules in DESIGN.md ("Words"): no promise, no
diagnosis, no "no warning signs found".
"""

DISCLAIMER = (
    "This is general information from the clinic’s own content. It is not advice about you. "
    "Please consult a health professional."
)
"""Stands under every reply of every kind; ``clinic.toml`` may say it in its own words, but not leave it out."""

HELP_TITLE = "Signs you need help now"

NOT_COVERED = "Our content does not cover that. Please ask a doctor, physiotherapist or pharmacist."

DOSE_OR_SUITABILITY = (
    "This chat cannot tell you how much of a medicine to take, or if something suits you or another person. "
    "Read the leaflet of the medicine. Please ask a pharmacist or doctor."
)
"""For how much to take, for medicines together, and for whether one person may take or do something."""

DIAGNOSIS = (
    "This chat cannot tell you the cause of your pain. "
    "A doctor or physiotherapist can examine you and look for the cause."
)
"""For "what do I have?"."""

WITHHELD = (
    "Our text about medicines is not shown here, because it may not fit. "
    "Please ask a pharmacist or doctor before you take a painkiller."
)
"""Beside a safety message, where the passage that answers is about medicines."""

OTHER_LANGUAGE = (
    "This chat reads English only. Please ask in English, or ask a doctor, physiotherapist or pharmacist. "
    "If you feel very unwell, get medical help now."
)
OTHER_LANGUAGE_BANGLA = (
    "এই চ্যাট শুধু ইংরেজি বোঝে। ইংরেজিতে লিখুন, অথবা ডাক্তার, ফিজিওথেরাপিস্ট বা ফার্মাসিস্টকে জিজ্ঞাসা করুন। "
    "খুব খারাপ লাগলে এখনই চিকিৎসা সাহায্য নিন।"
)
"""The same in Bangla; awaiting a native reviewer."""

LOCAL_EMERGENCY_NUMBER = "Call your local emergency number."
"""In an emergency card where the clinic gives no number for the visitor's country."""

LEVELS = {
    "emergency": "Emergency: get help now",
    "urgent": "Urgent: see a doctor today",
    "soon": "Book a visit",
}
"""How urgent a safety message is, in words; never by colour alone."""

NOT_IN_AN_EMERGENCY = "I am not in an emergency, show me the article"
COUNTRY = "Numbers for"

GLAD = "Thank you. We are glad it helped."
SORRY = "Thank you. Please ask in other words, or ask us."

NOT_SURE = "We are not sure which part of our content you mean. Is it one of these?"

PRIVACY = "Please do not type names, phone numbers or other people’s details. We do not keep what you type."

PRIVACY_COUNTS = (
    "Please do not type names, phone numbers or other people’s details. "
    "We do not keep what you type. We count which answers were shown, and if they helped."
)
PRIVACY_QUESTIONS = (
    "Please do not type names, phone numbers or other people’s details. "
    "We keep your question for up to {days}, without such details where our computer finds them. "
    "Our staff may read it. If we show you an urgent warning, we do not keep it."
)
"""Where questions are kept: `web.privacy` puts the days in, and says which of the three is true."""

COMMENT_HINT = (
    "Please do not type names or phone numbers. We keep your comment for up to {days}. "
    "Our staff may read it to make our content better."
)

DESK_OFF = "Look-ups are not kept."
DESK_COUNTS = "Look-ups are not kept. Alt+N counts a look-up for the editor, without its words."
DESK_QUESTIONS = (
    "Look-ups are not kept. Alt+N keeps one for the editor, for up to {days}: the question, without the phone numbers, "
    "e-mail addresses and other personal details that the computer finds. Beside an urgent warning it keeps no words."
)
"""What is said to staff beside the field at the desk."""

NOT_REVIEWED = "not yet reviewed by a clinician"

SCOPE = (
    "This is an automated search of the clinic’s own content, for adults. Nobody reads what you type. "
    "It cannot check your symptoms or tell you what is wrong."
)

SCOPE_READ = (
    "This is an automated search of the clinic’s own content, for adults. Nobody reads what you type when you send it. "
    "It cannot check your symptoms or tell you what is wrong."
)
"""The same where staff may read questions later."""

# ---- what phone staff read themselves, and do not read out

CALLER = {
    "emergency": (
        "Read this to the caller now. Make sure that they have the number. Ask them to hang up and call it, or to have "
        "someone take them to the nearest hospital. Stay on the line until they have it. Read out nothing else."
    ),
    "crisis": (
        "Read this to the caller now, and take it seriously. Make sure that they have the numbers. Ask them to call "
        "now, and to have a person they trust stay close. Do not hang up before that. Read out nothing else."
    ),
    "urgent": "Read this to the caller first. Ask them to speak to a doctor today. Do not judge how urgent it is.",
    "soon": "Read this to the caller first. Ask them to do what it says. You may read out a passage after that.",
}
"""What staff do with a safety message of each level, and with an emergency that has a number for a crisis."""

CALLER_NOT_IN_AN_EMERGENCY = "The caller is not in an emergency"

FILED = {
    "question": "Filed for an editor to see. Names and numbers that we recognise are taken out of the words.",
    "count": "Counted. The words are not kept.",
    "urgent": "Counted. The words are not kept, because there is a safety message for them.",
    "nothing": "Nothing was filed: this clinic keeps no record of questions.",
}
"""What became of a question that staff filed as not answered, by how much of it is kept."""

VERY_LIKELY = "Very likely the answer"
PROBABLY = "Probably the answer"
PERHAPS = "Perhaps the answer"
ONLY_WORDS = "Only shares words with the question"
"""How sure a row is, in words. Where one ends and the next begins: `bot.looking_up`."""

NOT_TO_BE_READ_OUT = "Not to be read out"

WHY_LISTED = "asked in these very words"
WHY_WORD = "your word “{word}”"
WHY_STANDS_FOR = "“{word}” stands for {found}"
WHY_MENDED = "spelling mended: “{word}” → “{found}”"
WHY_ASKS = "asks the same kind of thing: {word}"

_BANGLA = {
    DISCLAIMER: (
        "এটি ক্লিনিকের নিজের লেখা থেকে সাধারণ তথ্য। এটি আপনার জন্য ব্যক্তিগত পরামর্শ নয়। অনুগ্রহ করে একজন স্বাস্থ্য পেশাজীবীর পরামর্শ নিন।"
    ),
    HELP_TITLE: "যেসব লক্ষণে এখনই সাহায্য দরকার",
    PRIVACY: "নাম, ফোন নম্বর বা অন্য কারও তথ্য লিখবেন না। আপনি যা লেখেন তা আমরা রাখি না।",
    PRIVACY_COUNTS: (
        "নাম, ফোন নম্বর বা অন্য কারও তথ্য লিখবেন না। আপনি যা লেখেন তা আমরা রাখি না। "
        "কোন উত্তর দেখানো হয়েছে আর তা কাজে লেগেছে কি না, শুধু তা গুনি।"
    ),
    PRIVACY_QUESTIONS: (
        "নাম, ফোন নম্বর বা অন্য কারও তথ্য লিখবেন না। আপনার প্রশ্ন আমরা সর্বোচ্চ {days} রাখি, কম্পিউটার এমন যে তথ্য খুঁজে পায় তা বাদ দিয়ে। "
        "আমাদের কর্মীরা তা পড়তে পারেন। আমরা জরুরি সতর্কবার্তা দেখালে আপনার প্রশ্ন রাখি না।"
    ),
    COMMENT_HINT: (
        "নাম বা ফোন নম্বর লিখবেন না। আপনার মন্তব্য আমরা সর্বোচ্চ {days} রাখি। আমাদের লেখা আরও ভালো করতে আমাদের কর্মীরা তা পড়তে পারেন।"
    ),
    SCOPE_READ: (
        "এটি ক্লিনিকের নিজের লেখার মধ্যে স্বয়ংক্রিয় অনুসন্ধান, প্রাপ্তবয়স্কদের জন্য। আপনি পাঠানোর সময় কেউ তা পড়ে না। "
        "এটি আপনার লক্ষণ পরীক্ষা করতে বা কী হয়েছে বলতে পারে না।"
    ),
    SCOPE: (
        "এটি ক্লিনিকের নিজের লেখার মধ্যে স্বয়ংক্রিয় অনুসন্ধান, প্রাপ্তবয়স্কদের জন্য। আপনি যা লেখেন কেউ পড়ে না। "
        "এটি আপনার লক্ষণ পরীক্ষা করতে বা কী হয়েছে বলতে পারে না।"
    ),
    NOT_COVERED: "আমাদের লেখায় এর উত্তর নেই। ডাক্তার, ফিজিওথেরাপিস্ট বা ফার্মাসিস্টকে জিজ্ঞাসা করুন।",
    NOT_SURE: "আপনি আমাদের লেখার কোন অংশ চাইছেন তা আমরা নিশ্চিত নই। এগুলোর একটি কি?",
}
"""Awaiting a native reviewer."""


def said(sentence: str, language: str | None) -> str:
    """``sentence`` in ``language``, such as ``bn-BD``; as it is where there is no translation, or a clinic wrote it.

    >>> said("Our own words.", "bn"), said(HELP_TITLE, "en")
    ('Our own words.', 'Signs you need help now')
    """
    return _BANGLA.get(sentence, sentence) if language and language.split("-")[0] == "bn" else sentence
