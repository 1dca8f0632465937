"""Questions that no passage may answer: what is caught, what is not, and what is said instead."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

import bot
from bot import wording
from bot.analysis import Analyzer
from bot.answering import Answerer
from bot.letters import plain
from bot.model import FixedWording, Judgment
from bot.personal import PersonalQuestions, shipped_rules

WriteCorpus = Callable[..., Path]

# All written for this file, in many voices; about half of them after the rules, which first missed some of these
# (DESIGN.md, "Three sorts of question that no passage answers", has the figures).
DOSE = """\
how many mg of ibuprofen can I take
can i take naproxen with my blood pressure tablets
maximum paracetamol a day
is 2 tablets ok
how many times I can take napa
which medicine I should take
what's the max dose of ibuprofen for a grown man
how many paracetamol can i have in one day
hw many tablet of napa can i take daily
how many ibuprofin is ok before bed
how much paracitamol can an adult take
what is the right dose of naproxen for backache
naproxen dosage please
is it ok to take 800mg ibuprofen at once
400 mg or 600 mg brufen, which should I use?
can I take 2 panadol and 1 ibuprofen together
how often can I rub voltaren gel on my back
how long can I keep taking naproxen
how many hours between two doses of paracetamol
when can i take my next ibuprofen
can i take ibuprofen on an empty stomach
should I take Napa before or after food
can I take napa three times a day
can I double the dose if it still hurts
what is the daily limit for aspirin
does ibuprofen interact with sertraline
can I mix ibuprofen and paracetamol
is it alright to have a beer with diclofenac
warfarin and ibuprofen ok?
can u take advil with bp pills
can i take tylenol and aleve at the same time
which painkiller should I take for my back
please prescribe me some medicine for waist pain
how much napa for my 8 year old
can I give my daughter ibuprofen for her back
is one tablet of ace enough
how many ace can i eat in a day
napa extra how many times daily
what strength of ibuprofen should i buy, 200 or 400 mg?
how many days I can continue brufen
can I take another painkiller 2 hours after the first
Ibuprofen: how many per day is the limit?
hi doc, need to know safe amount of tylenol after marathon
my back is bad today so i had two brufen at lunch, may i have two more tonight
Could you tell me the correct dosage of diclofenac for a 70 kg man?
naproxen 500 twice daily ok for back?
is one gram of paracetamol too strong for my wife
can i eat napa extra 3 time in a day
what quantity of voltarol should go on my lumbar area
ok to drink wine while on naproxen?
sertraline + ibuprofen any problem??
how lng cn i tk ibuprofin for
how many brufen is too many in 24 hrs
Is there a ceiling on paracetamol for a 60 kg woman?
two or three aleve for a really bad back?
can I take aspirin each morning before running
is it bad to have naproxen and a glass of wine
Do painkillers and my antidepressants go together?
i m on xarelto n my back hurts, can i use voltaren
what medicine i must take for waist pain sir
how much of the diclofenac gel do I put on
wats the dosege of napa extend
Napa 2 tablets 4 times a day is it ok
I weigh 45 kilos, how many tablets
Paracetamol - what's the most I'm allowed in a day?
whats a normal amount of ibuprofen for a woman my size
Can I pop a third naproxen, the first two did nothing
how meny panadol can take in 1 day
every how many hours can napa be taken
is 1000mg too much
how far apart should I space ibuprofen
Could ibuprofen clash with my antidepressant?
am I ok having a couple of pints on codeine
Taking metformin and losartan daily - any issue with diclofenac gel?
madam please tell which tablet I should take for waist
should I go up to a stronger dose
can you tell me how many Napa tablets are allowed daily
what amount of ibuprofen is right for someone of 55 kg
how long before a run should i take paracetamol
I already had one voltaren this morning, is a second one ok
co-codamol and naproxen together, yes or no
does my thyroid pill go with ibuprofen
is wine ok with panadol
how many strips of napa in a week
i forgot my dose, should i take double
""".splitlines()

SUITABILITY = """\
I am on blood thinners, can I take naproxen?
can my mother take naproxen
should I stop my aspirin before the marathon
can I skip my blood pressure tablets on race day
is it safe for me to run
is it safe 4 me to take ibuprofen
is it safe for my mother to jog with her bad back
is running safe for me with a heart stent
can I run with a pacemaker
i have a heart stent, can i go jogging?
can I do planks after my knee surgery
how soon can I run after back surgery, can i start at 4 weeks?
I am 16, can I take naproxen?
is it ok to run at 16 with back pain if I take ibuprofen?
can my 14 year old take brufen
I'm pregnant, is it ok to do yoga?
if I am pregnent can I take panadol
am I safe to run a half marathon
I'm diabetic. Can I run every day?
can I jog with high blood pressure
i am asthma patient can i take napa
I have gastric ulcer, can I eat ibuprofen
pressure patient can take naproxen?
Is ibuprofen safe for my dad, he is 78
I had a hip replacement last year, should I run?
is acupuncture safe for me, I take warfarin
I'm breastfeeding, is it safe to take ibuprofen for my back?
Can I do core exercises after a c section?
would ibuprofen be harmful for someone like me with kidney disease
at my age is it ok to start running
am i fit to race on Sunday
is it advisable to run in my condition?
my mum is 70, can she do planks
I have epilepsy, is it fine to swim for my back
I take amlodipine. Is Advil allowed?
Is it safe for a person like me, with only one kidney, to go running
Had a heart bypass in June, am I allowed to jog yet?
is it ok if my grandad who has a pacemaker does planks
18 weeks pregnant, may I carry on with my core exercises?
Doctor removed my appendix two weeks ago, can I start running
I've got type 2 diabetes, should I do long runs
am 15 yrs old can i use painkiller gel
Can someone with my heart condition do yoga?
would it be dangerous for me to do a marathon
my daughter is 9, is she allowed ibuprofen
should i come off my statins before the race
shall I finish the course of naproxen if the pain has stopped? or can I stop the tablets
suggest a good pain medicine for my father
is it okay to jog after a caesarean, mine was 7 weeks ago
I've had two stents put in. Safe to do a 5k?
My husband has angina. Could he do these core exercises?
am 72 and never ran before, should i try couch to 5k
Would yoga be alright for me, I had a spinal fusion
can i do running with sugar patient
my kidneys are bad, may I take Aleve
is naproxen ok for breastfeeding mum like me
Son is 13 and his back aches, can he have paracetamol
Will ibuprofen be harmful to me as an asthmatic?
my sister has asthma, is Nurofen alright for her?
can grandma use voltarol, she's 81
I've a stent fitted since January; is running off limits?
Is it safe to train while I'm six months pregnant
my blood pressure runs high - may I lift weights for my core?
after my C-section can I do planks
I am a heart patient, running allowed or not?
can a 12 year old take ibuprofen for back pain
Is it safe for somebody with my history of ulcers to use naproxen
I'm only 14, should I be doing core work
would running hurt my unborn baby
my father takes warfarin, can he have brufen
is it safe for my 10 year old to do planks
I have a pacemaker and want to jog. Is that allowed?
given my age of 80 should I run
after my hernia operation may I do sit ups
can I do bridges in my third trimester
is it ok for me to take naproxen, I have reflux
can i run with low bp
is massage safe with a blood clot, I had one last year
i m diabetes patient, i can run?
should I be running with only one lung
What is the recommended number of Nurofen for one day?
should I take two or just one Aleve
ibuprofen 600 - every six or every eight hours?
whats the limit of napa for 24h
can i tke 3 brufen at onec
sir dose of voltaren tablet pls
Am I allowed to have paracetamol and codeine in the same evening?
what happens if I mix naproxen with my heart pills
I'm on lisinopril, would ibuprofen be a problem?
is a beer after ibuprofen fine
how late in the day can I take naproxen
which pain tablet must I take, please advise
Can my pregnant wife do planks
is jogging safe for me, I'm 79
My doctor put a pacemaker in last spring; may I do a 10k?
can I go back to running after my gallbladder operation
is it ok to take Advil if I have stomach ulcers
i am kidney patient which painkiller is safe for me
my nephew is 12, should he lift weights
is massage allowed for me with high pressure
I am 7 months pregnant can i run slowly
would it be safe for a person with my asthma to take aspirin
""".splitlines()

DIAGNOSIS = """\
what do I have
wat do i hav
What do I have? My back hurts after running.
my back hurts and my leg tingles, what do i have
what is wrong with me
whats wrong with my back
what's the matter with my spine
do I have a slipped disc
do i hav siatica
do I have arthritis or not
have I got a herniated disc
diagnose me
diagnose my back pain please
can you give me a diagnosis
could you diagnose this pain
is it cancer
is this cancer?
is my back pain cancer
tell me what disease i have
which disease i have, my waist is paining
what illness do I have
what have I got
what is my problem, doctor
what is my diagnosis
have I torn a muscle
is my disc slipped
did I fracture my spine
what am i suffering from
does my son have scoliosis
please read my MRI
can you check my x-ray report
what could be wrong with my lower back
i have a stress fracture or not
what condition do I have if my back hurts and my leg goes numb
What's up with my back, do I have a hernia or a disc thing?
so what is it that i have
Doctor, tell me my disease
Which condition have I got?
do you think i have a slipped disc
Please diagnos my waist pain
Is this pain a tumor?
my back is stiff every morning, whats my illness
what have I done to my back, is it a slipped disc, do I have one
Have I got cancer?
Could you look at my MRI and say what is wrong
I want you to tell me which problem I am having
do I suffer from arthritis
Can you tell me what I've got?
So doc, what's my diagnosis?
what exactly is wrong with my lumbar spine
Have I slipped a disc?
have i got arthritis in my back
could you diagnose my problem, pain is in left side
can u check my mri report pls
what have i got, pain goes to foot
please tell me what illness this is that i have
do i have osteoporosis
do I have sciatica or a slipped disc?
whats the matter with me doctor
can you work out what is wrong with me
i want a diagnosis
is it bone cancer
is my spine broken
have I cracked a vertebra
what have I got doctor?
Have I got a trapped nerve
is there something wrong with my spine, do i have scoliosis
Can you figure out what I have
could you tell me if I have a herniated disc
whats my diagnosis from these symptoms
doc is it a tumour
can you read my CT scan
""".splitlines()

FOR_THE_CONTENT = """\
is it safe to run with back pain
can I run with sciatica
can painkillers help my back
why do I have back pain after running
do I have to rest
can I take painkillers before a run
what causes lower back pain
what do i have to do to prevent back pain
how much rest do I need
could it be a slipped disc?
could it be sciatica?
could my pain be arthritis
is it sciatica
is it my kidneys
how many rest days do I need
how many miles should my shoes last
how many km can I run a week
how many runners take painkillers
how many people get back pain
how many core exercises should I do a day
how many planks a day
how often should I do core exercises
how often should I stretch
how long should I rest
how long does sciatica last
how long does ibuprofen take to work
how much does physiotherapy cost
how much is a consultation
how much do NSAIDs help
how much water should I drink when I run
how much should I run each week
does ibuprofen help back pain
is ibuprofen good for back pain
are ibuprofen and naproxen any good for backache
what are the side effects of ibuprofen
is paracetamol enough for back pain
can I take ibuprofen for back pain
should I take ibuprofen or paracetamol
which is better, naproxen or ibuprofen
what painkillers are there for back pain
do anti-inflammatories work
why are painkillers risky in a marathon
can ibuprofen harm the kidneys of runners
do runners who take ibuprofen get kidney injury
is it ok to run through the pain with tablets
can I buy pain relief without a prescription
what treatment is there for back pain
which treatment works best
which exercises are good for me
which shoes are right for me
what shoes should I wear
is yoga safe
is running bad for my back
is running bad for your spine
is it ok to keep running with a sore back
is it ok to jog with a slipped disc
can I run with arthritis
can I run with osteoporosis
can I run with a herniated disc
can I do yoga with back pain
should I run if my back hurts
should I see a doctor
should I see a doctor, I have high blood pressure and my back hurts
should I ask a doctor before running if I have diabetes
when can I run again
when should I start running again
can I still run
can I walk with back pain
can I swim instead
is it normal to have back pain after running
do I have weak core muscles to blame
do I have to stop running
do I have to stay in bed
do I have to see a physio
do i need an MRI
do I need new shoes
do I need surgery
what do I need to do
what should I do
what do I have to avoid
what do i have to wear for running
what options do I have
what can I do about back pain
what can I take for back pain
what is a slipped disc
what is sciatica
what does a slipped disc feel like
how do I know if I have sciatica
how do I know if it is a slipped disc
what are the symptoms of a herniated disc
what is wrong with running every day
what is wrong with my running form
what is wrong with my shoes
what's wrong with heel striking
is there something wrong with bed rest
how is back pain diagnosed
can a doctor diagnose my back pain
can a physiotherapist diagnose sciatica
who can diagnose me
is it serious
when is back pain serious
is back pain a sign of cancer
can back pain be cancer
could my back pain be cancer
can cancer cause back pain
I had cancer before and now my back hurts
is it a muscle or a disc
is running safe during pregnancy
is ibuprofen safe in pregnancy
can pregnant women run
is running safe for pregnant women
is running safe for people with heart disease
I am pregnant and my back hurts
I'm 15 and my back hurts after football
my son has back pain after running
my mother has osteoporosis and back pain
who is this advice for
is this advice for children
stress makes back pain worse?
can stress and poor sleep cause back pain
how can I help to prevent back pain
can shoes help my mother's back pain
does my running form matter
should I use ice or heat
can I use a hot water bottle
should I take a break from running
should I take a rest day
can I take part in a race with a sore back
should I take magnesium for cramps
should I drink electrolytes
can I get a massage
does massage help
is acupuncture safe
is it safe to do planks with back pain
are planks safe
does my core have anything to do with it
my doctor said I have a slipped disc, can I run
I have a slipped disc and want to run a marathon
I have sciatica, what helps
I have arthritis, should I stop running
have I overused it
did I overdo it
am I running too much
am I overtraining
am I too old to run
does age matter for runners with back pain
can I start running at 50
I ran 10 km in 50 minutes, can I run faster with a sore back
can I run 16 km a week with a sore back
is 2 rest days ok
is 2 hours of running too much
are 10 minutes of core work enough
is a short stride safe for my back
the max cushioning shoes, do they help
how long should I wear my shoes
I have a desk job, is it bad for me
I have flat feet, can I run without insoles
what does the leaflet say
where can I find a pharmacist
are you open on Friday
what do you charge
can I bring my mother to the clinic
can my wife come with me
should I bring a list of my medicines
can I trust this website
can this chat diagnose me
what happens at the first appointment
do I have an appointment
what time do I have to come
what do I have in common with other runners
do i have time to heal before the race
does my insurance pay
does the clinic have parking
ace my next race without back pain
can I ace a marathon with a weak core
what are the doses of exercise that help
what medicine do runners take for back pain
can a physio prescribe tablets
how does the body react to ibuprofen
how long should I wait before another run
how much time between one run and the next
can I take ibuprofen for morning stiffness
which is the strongest painkiller
what is the safest painkiller for runners
should I drink water or take painkillers
how can I safely return to running
can running hurt me
can I run with a stitch
how to diagnose back pain
they diagnosed me with a slipped disc, can I run
I was diagnosed by my doctor with sciatica
should I tell the masseur about my illness
what helps this pain that I have
what exercises are good for the problem I have
what have I got to lose by running slowly
what injuries do runners get
what problem could my running form cause
can I run at 6
can I carry on at 10 km/h
my doctor said it is fine to run with high blood pressure but why does my back hurt
can I run if I have sciatica
should I run when I have a slipped disc
do I have to treat sciatica
is it true that cancer can cause back pain
shoes for my weight
what is my injury risk
is my running bad for me
I hurt myself running and my back is sore
is a heating pad ok if I fell asleep on it
How many weeks until sciatica settles?
What dose of running is good for a beginner's back?
Do painkillers hide an injury?
is bed rest harmful
Are tablets better than physio?
is ibuprofen gel any use for a sore back
How can I tell if my disc has slipped?
What do runners have against heel striking?
what do i have to tell the physio
Do I have to change both shoes at once?
can I take a hot bath after my run
May I take my time coming back to running?
Should I take two days off each week
how many times a week should I train my core
what's wrong with sitting all day
what is the matter of debate about running form
is my running style wrong
Do I need blood tests for back pain
who diagnoses back pain, a doctor or a physio
I have had back pain for 3 months, what should I do
My mum is 70 and has thin bones. Does running break them?
can high blood pressure cause back pain
does being pregnant cause backache
My mother takes ibuprofen for her back, does it really work
is running dangerous for the spine
What is the safest way to start running again
do I have a higher risk of back pain because I sit all day
Is it ok to do bridges when my back hurts
why does the clinic say paracetamol alone is not enough
which condition makes the back stiff in the morning
My wife is pregnant and I have back pain from carrying shopping, what helps
how much do shoes matter
how many minutes of planks
I have asthma and run every day, my back hurts, why
what can I do about back pain, I am 70
can I prevent back pain if I have diabetes
should I tell the physio that I take warfarin
what should a doctor check when a 68 year old has back pain
how long after the pain stops can I run
does surgery fix a slipped disc
do I need an operation for sciatica
is surgery safe for backs
are steroid injections dangerous
does ibuprofen work better than yoga
is ibuprofen dangerous
how do painkillers work
should I take up yoga
should I take off my insoles
can you take painkillers and still run
what do I have in my body that holds the spine
why do I have pain in one spot
what kind of problem causes morning stiffness
is there a problem with running downhill
can he look at my running form
can a doctor look at my MRI
what will the MRI show
is a slipped disc the same as a broken bone
have you got advice on sciatica
I think I have pulled a muscle, should I rest
Is a weak core the matter, or my shoes?
how many sets of bridges should I do
how much time off do I need
what is the best time of day to run with a stiff back
is ice ok after a run
how long can I sit at my desk
are there natural painkillers
what do the studies say about ibuprofen
Is a warm pack safe to sleep with
Can sciatica heal by itself
will running harm my discs
can a man of 60 start jogging
should my mother with thin bones walk every day
can children get back pain from running
my husband has back pain after his runs, what might help him
Do I have to buy expensive shoes
do I have any exercises to do before running
what do I have for breakfast before a long run
what has my posture got to do with it
Does arthritis have a cure
have scientists got a cure for sciatica
which condition is worse, sciatica or a slipped disc
what is my core
is my running form to blame
is my back pain from my shoes
what could be causing my back pain
what's the matter with landing on your heel
Who can tell me what is causing my pain
can a physio say if I have a slipped disc
should I have a scan
can I train for a marathon after back pain
My uncle takes warfarin. Does massage help a stiff back?
how do I explain my asthma to the physio
is high blood pressure linked with backache
what exercise is there for a 70 year old back
how do people with diabetes prevent back pain
what should pregnant runners know
can tablets replace exercise
how do ibuprofen and naproxen differ
why can't I rely on painkillers in a race
do you sell ibuprofen at the clinic
is naproxen stronger than ibuprofen
how strong is the evidence for paracetamol
what are NSAIDs
how many trials tested naproxen
how many points out of 100 do painkillers help
did the 200 mile study look at backs
how often do epidurals work
will a physio give me medicine
where can I read the leaflet
how long until my disc heals
can a slipped disc be seen on a scan
have runners got stronger discs
do runners have more arthritis
do I have too many miles in my legs
what do I have to bring to the appointment
Is it my shoes or my form
what's wrong with bed rest
has running got benefits for the back
how do I know what is wrong with my stride
can you explain sciatica
how many side effects does ibuprofen have
how often do runners use ibuprofen
when should I ask about taking ibuprofen
is two weeks of tablets enough
I took 400 mg of ibuprofen and feel sick, what should I do
what running dose is right for a beginner
do runners take ibuprofen and naproxen together
which medicine should I take, ibuprofen or naproxen
is it safe for me to wait until morning
will these shoes suit me
can I follow the advice on this page while pregnant
my wife asks if it is okay for pregnant women to run
what problem do I have to see a doctor for
nothing is wrong with me, how do I prevent back pain
can this website tell me what is wrong with my back
is this chat able to diagnose me
is a physio able to diagnose my pain
How many days before a race should I rest
how many bridges can I do with a sore back
are there any tablets that heal discs
does the review say naproxen beats placebo
why is paracetamol not advised
do pain tablets slow healing
what do I take to the appointment
what do I have to change in my stride
has my core anything to do with it
Is it possible to run without back pain
is it a bad sign when the leg hurts too
how safe is running with a stiff back
can my husband come to the appointment with me
should old people run
my father wants to know what causes back pain
can kids wear running shoes with thick soles
how old must I be to use this site
is my posture wrong
what's wrong with slouching
do I have flat feet to thank for my sore back
how long have runners studied foot strike
what is the difference between sciatica and a slipped disc
could a cracked bone cause my pain
which scans find a stress fracture
will the physio diagnose me
when is surgery needed
does blood pressure rise when I run
how does diabetes affect nerves
is ice dangerous on bare skin
can I return shoes that hurt my back
should I tell the physio if I have a slipped disc
can you tell me what to do if I have sciatica
""".splitlines()

# The content says what to do at once.
URGENT = """\
I took too many painkillers
I took 10 tablets by mistake
I swallowed a whole strip of napa
my lips are swelling after ibuprofen, what do I have
what is wrong with me, I can't pee and my back hurts
chest pain and back pain, do I have something serious
both legs are numb, what do I have
""".splitlines()

# Ways to ask that the rules would catch. The clinic wrote passages for them, so in these very words they are answered.
CAUGHT_BUT_WRITTEN_FOR = """\
got crumbly worn vertebrae, is exercise safe or harmful for me
my son is 15, can he use adult back pain treatments
I'm on blood thinners, is it wise to self-treat a pulled back
is it safe for me to try remedies, i'm on lots of medication with other ailments
i have asthma, can i take anti-inflammatories for my back
I had a stomach ulcer, is Brufen ok for me
high blood pressure tablets and ibuprofen together
can I take two different painkillers at once
my father is 70 with weak kidneys, may he take pain tablets for his back
pregnant, which pain medicine can I take for my back
back pain in pregnancy, can I run
can my daughter do these exercises, she is 12
can I take painkillers for my back while pregnant
can you diagnose me
please examine me and tell what disease I have
""".splitlines()

QUESTION = "how many mg of ibuprofen can I take"

PAGE = """\
# Tablets

## Which tablet should I take? {#which}

Ask your pharmacist which tablet you should take.

<!-- also asked:
is 400 mg ok for me
-->

## Sciatica {#sciatica}

Sciatica is pain that goes down the leg.
"""


@pytest.fixture(scope="module")
def rules() -> PersonalQuestions:
    """The rules alone, for no corpus."""
    return PersonalQuestions([], Analyzer("en"))


@pytest.fixture(scope="module")
def ways(answerer: Answerer) -> list[str]:
    """All headings and ways to ask of the shipped corpus."""
    return [way for passage in answerer.passages for way in (passage.title, *passage.also_asked)]


# ---- what is caught


@pytest.mark.parametrize("asked", [DOSE, SUITABILITY])
def test_a_dose_and_what_suits_one_person_are_caught(asked: list[str], rules: PersonalQuestions) -> None:
    caught = {question: rules.recognise(question) for question in asked}

    assert [question for question, fixed in caught.items() if fixed is None] == []
    assert {fixed.message for fixed in caught.values() if fixed} == {wording.DOSE_OR_SUITABILITY}
    assert {fixed.sort for fixed in caught.values() if fixed} <= {"dose", "suitability"}


def test_what_do_i_have_is_caught(rules: PersonalQuestions) -> None:
    caught = {question: rules.recognise(question) for question in DIAGNOSIS}

    assert [question for question, fixed in caught.items() if fixed is None] == []
    assert {(fixed.sort, fixed.message) for fixed in caught.values() if fixed} == {("diagnosis", wording.DIAGNOSIS)}


def test_every_rule_has_a_name_of_its_own_and_catches_something(rules: PersonalQuestions) -> None:
    names = [rule.name for rule in shipped_rules().rule]

    assert len(set(names)) == len(names)
    caught = [rules.recognise(question) for question in (*DOSE, *SUITABILITY, *DIAGNOSIS)]
    assert {fixed.rule for fixed in caught if fixed} == set(names)


def test_the_rule_and_the_typed_words_that_it_went_by_are_named(rules: PersonalQuestions) -> None:
    fixed = rules.recognise("My back hurts. Hw many 400MG Ibuprofin may I have?")

    assert fixed == FixedWording(
        "dose",
        "how much or how many of a medicine",
        ("Hw many 400MG Ibuprofin",),
        wording.DOSE_OR_SUITABILITY,
    )


def test_a_rule_that_needs_several_things_names_the_words_for_each(rules: PersonalQuestions) -> None:
    fixed = rules.recognise("I had a heart bypass. Can I jog?")

    assert fixed
    assert fixed.matched == ("Can I", "I", "heart bypass")


# ---- what is not


def test_what_the_content_is_there_for_goes_through(rules: PersonalQuestions) -> None:
    assert {question: fixed for question in FOR_THE_CONTENT if (fixed := rules.recognise(question))} == {}


def test_an_urgent_sign_goes_through_to_the_content_that_says_what_to_do(
    rules: PersonalQuestions, answerer: Answerer
) -> None:
    assert [question for question in URGENT if rules.recognise(question)] == []
    first = answerer.find("what is wrong with me, I can't pee and my back hurts").hits[0]
    assert first.passage.passage_id == "when-to-get-help#nerve-signs"


def test_no_heading_and_no_way_to_ask_of_the_shipped_corpus_is_caught(answerer: Answerer, ways: list[str]) -> None:
    assert len(ways) > 1_300
    assert [way for way in ways if answerer.find(way, limit=1).fixed] == []


def test_few_ways_to_ask_need_the_exception_for_the_clinics_own_words(
    rules: PersonalQuestions, ways: list[str]
) -> None:
    assert [way for way in ways if rules.recognise(way)] == CAUGHT_BUT_WRITTEN_FOR


def test_a_question_that_the_corpus_asks_in_these_very_words_is_answered(write_corpus: WriteCorpus) -> None:
    small = bot.build(write_corpus({"tablets.md": PAGE}))

    for written_for in ("Which tablet should I take?", "IS 400MG OK FOR ME", "wich tablet should i take"):
        assert small.find(written_for).fixed is None, written_for
    assert small.answer("which tablet should I take").kind == "answer"
    for other in ("which tablet should I take now", "is 400 mg ok", "is 200 mg ok for me"):
        assert small.find(other).fixed, other


def test_the_exception_is_for_the_whole_wording_not_for_its_content_words(write_corpus: WriteCorpus) -> None:
    """Of "do I have sciatica" only the last word is a term, and so it is of the heading "Sciatica"."""
    small = bot.build(write_corpus({"tablets.md": PAGE}))

    assert small.find("Sciatica").fixed is None
    assert small.find("do I have sciatica").fixed


def test_content_in_another_language_is_served_without_the_english_rules(write_corpus: WriteCorpus) -> None:
    folder = write_corpus({"page.md": PAGE, "clinic.toml": 'languages = ["de"]\n'})

    assert bot.build(folder).find(QUESTION).fixed is None
    assert bot.build(write_corpus({"clinic.toml": 'languages = ["en-GB"]\n'})).find(QUESTION).fixed


# ---- whatever is typed


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from([*" ".join((*DOSE, *SUITABILITY, *DIAGNOSIS)).split(), ".", "?", "\n"]), max_size=40
        ).map(" ".join),
    )
)
def test_whatever_is_typed_is_caught_or_not_and_nothing_breaks(answerer: Answerer, typed: str) -> None:
    found = answerer.find(typed, limit=1)

    if found.fixed:
        assert found.judgment == Judgment("none", 0.0)
        assert found.fixed.matched or found.fixed.sort == "language"
        assert all(word in plain(typed) for words in found.fixed.matched for word in words.split())


@pytest.mark.parametrize(
    "words", ["can i ", "how many ", "what do i ", "is it ok to take ", "my mother is ", "2 ", "a"]
)
def test_the_time_grows_with_the_length_and_no_faster(words: str, rules: PersonalQuestions) -> None:
    """Seconds for 500 and 4,000 characters; a bound far above what is needed (0.05 s) and far below a runaway."""
    for length in (500, 4_000):
        started = time.thread_time()
        rules.recognise((words * length)[:length])
        assert time.thread_time() - started < 1.0


# ---- what is said instead


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (QUESTION, wording.DOSE_OR_SUITABILITY),
        ("is it safe for my mother to run with a heart stent", wording.DOSE_OR_SUITABILITY),
        ("do I have a slipped disc", wording.DIAGNOSIS),
    ],
)
def test_the_answer_is_the_fixed_wording_alone_with_disclaimer_help_and_contact(
    question: str, message: str, answerer: Answerer
) -> None:
    answer = answerer.answer(question)

    assert (answer.kind, answer.message, answer.confidence) == ("none", message, 0.0)
    assert (answer.passage, answer.citation, answer.alternatives) == (None, None, ())
    assert answer.disclaimer == answerer.corpus.clinic.disclaimer
    assert (answer.help, answer.contact) == (answerer.help, answerer.contact)
    assert answer.help
    assert answer.contact


def test_the_hits_are_there_for_search_and_explanation(answerer: Answerer) -> None:
    found = answerer.find(QUESTION, limit=3)

    assert found.fixed
    assert len(found.hits) == 3
    assert answerer.search(QUESTION, limit=3)[0].id == found.hits[0].passage.passage_id


@pytest.mark.parametrize("message", [wording.DOSE_OR_SUITABILITY, wording.DIAGNOSIS])
def test_the_wording_is_easy_and_promises_nothing(message: str) -> None:
    """US school grade 6 at most, after Flesch and Kincaid, with vowel groups as syllables."""
    words = [word.strip(".,").lower() for word in message.split()]
    syllables = sum(max(1, _vowel_groups(word.removesuffix("e"))) for word in words)

    assert 0.39 * len(words) / message.count(".") + 11.8 * syllables / len(words) - 15.59 <= 6.0
    assert not {"safe", "worry", "fine", "normal", "serious"} & set(words)
    assert "you have" not in message


def _vowel_groups(word: str) -> int:
    vowels = [letter in "aeiouy" for letter in word]
    return sum(is_vowel and not before for before, is_vowel in zip([False, *vowels], vowels, strict=False))


def test_the_interface_gives_the_fixed_wording_and_search_still_finds(client: FlaskClient) -> None:
    reply = client.post("/api/chat", json={"message": QUESTION}).get_json()

    assert reply["kind"] == "none"
    assert reply["message"] == wording.DOSE_OR_SUITABILITY
    assert (reply["passage"], reply["citation"], reply["alternatives"], reply["confidence"]) == (None, None, [], 0.0)
    assert reply["disclaimer"]
    assert reply["help"]["url"] == "/sources/when-to-get-help"
    assert reply["contact"]["phone"]
    assert client.post("/api/search", json={"query": QUESTION}).get_json()["hits"]


def test_the_page_shows_the_fixed_wording_the_contact_and_the_way_to_help(client: FlaskClient) -> None:
    page = client.post("/chat", data={"message": "what do I have?"}).get_data(as_text=True)

    assert f"<p>{wording.DIAGNOSIS}</p>" in page
    assert "You can also call" in page
    assert 'href="/sources/when-to-get-help"' in page
    assert 'class="card passage"' not in page
    assert 'class="alternatives"' not in page
