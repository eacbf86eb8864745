"""Read who and what an English article names, from the first body to the last surname."""

from __future__ import annotations

from pipeline.quotes.cast import MOST_BODIES, Cast
from pipeline.quotes.cast_bodies import read_bodies, read_local_bodies
from pipeline.quotes.cast_names import beside_verbs_of_saying, people_in
from pipeline.quotes.cast_posts import DESCRIBED_OFFICE, add_person, gender_by_post
from pipeline.quotes.cast_short_names import join_same_people, read_middle_surnames, read_short_names, short_forms


def read_cast(text: str) -> Cast:
    """Read who and what is named in the article; `text` has its quoted words blanked out."""
    cast = Cast(text=text)
    read_bodies(text, cast)
    cast.bodies = cast.bodies[:MOST_BODIES]
    read_local_bodies(text, cast)
    speaking = beside_verbs_of_saying(text)
    for start, end, front, name in people_in(text, speaking):
        add_person(text, cast, start, end, front, name)
    join_same_people(cast)
    for person in cast.people.values():
        for word in short_forms(person.name):
            cast.short.setdefault(word, []).append(person)
    read_middle_surnames(cast, speaking)
    read_short_names(text, cast)
    for person in cast.people.values():
        person.gender = person.gender or gender_by_post(person)
        if person.title in DESCRIBED_OFFICE and (office := DESCRIBED_OFFICE[person.title].search(text)):
            person.title, person.also, person.state = office.group(1), person.title, True
    return cast
