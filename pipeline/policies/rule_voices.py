"""English prose: what an authority did, told from the thing's side or in the authority's own words.

`the Pear Community was launched by the ministry`, `a platform set up by the province`, `the subsidy, which the city
introduced in 2031`, `pear sales were restricted by the Samplish administration`, `the commission announced it is adding
X to a list`, `Sampleland is reportedly drafting a ban on pears`, `continues to block shipments of pears`.
"""

from __future__ import annotations

from pipeline.policies.cues import cues
from pipeline.policies.reading import Reader
from pipeline.policies.rule_voices_drafts import LEGISLATIVE, drafting, plans_and_agendas
from pipeline.policies.rule_voices_passive import made_by_agent, made_by_subject
from pipeline.policies.rule_voices_said import going_on, named_thing, tells_itself
from pipeline.policies.sentence import Sentence

_AGENT = cues("by")
_RELATIVE = cues("which that")
_VERB_WORDS = cues(
    "launched introduced established set created adopted put unveiled initiated rolled enacted implemented instituted"
    " drawn devised formulated inaugurated imposed announced piloted levied mandated passed issued released published"
    " restricted banned barred blocked prohibited suspended frozen capped limited blacklisted sanctioned halted"
    " scrapped"
    " abolished revoked lifted waived extended canceled cancelled approved cleared expelled seized outlawed designated"
    " authorized phased shut nationalized terminated expanded tightened raised lowered increased eased relaxed"
    " doubled halved"
)
_SAYING = cues("announced said says stated declared confirmed revealed disclosed indicated announces")
_DRAFTING = cues(
    "drafting drawing formulating devising finalizing preparing pushing working considering mulling weighing amending"
    " revising advancing prepares prepared set due about poised scheduled"
)
_PLANNING = cues(
    "announced unveiled outlined revealed confirmed plans agenda strategy blueprint roadmap framework pushing advancing"
    " promoting considering debating reviewing document documents catalog catalogue"
)
_PLANS = cues("plans")
_GOING_ON = cues("continue continues continued keeps keep")
_MAKING = cues("launched unveiled put announced introduced established implemented imposed adopted")
VOICE_WORDS = _VERB_WORDS | _SAYING | _DRAFTING | _PLANNING | _GOING_ON | _MAKING


def may_voice(sentence: Sentence) -> bool:
    """Whether the sentence has the words of one of these tellings."""
    return (
        (sentence.has(_VERB_WORDS) and sentence.has(_AGENT | _RELATIVE | _MAKING))
        or sentence.has(_DRAFTING | _GOING_ON | LEGISLATIVE)
        or (sentence.has(_PLANS) and sentence.has(_PLANNING))
    )


def voices(reader: Reader, sentence: Sentence) -> None:
    """The measures that the sentence tells from the thing's side or in the authority's own words."""
    if sentence.cues & _VERB_WORDS:
        if sentence.cues & _AGENT:
            made_by_agent(reader, sentence)
        if sentence.cues & _RELATIVE:
            made_by_subject(reader, sentence)
    if sentence.cues & _SAYING:
        tells_itself(reader, sentence)
    if sentence.cues & _DRAFTING:
        drafting(reader, sentence)
    if sentence.cues & _PLANNING:
        plans_and_agendas(reader, sentence)
    if sentence.cues & _GOING_ON:
        going_on(reader, sentence)
    if sentence.cues & _MAKING:
        named_thing(reader, sentence)
