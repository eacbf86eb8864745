"""Who somebody is: title, organisation and role from the words beside the name; people and bodies are invented."""

from __future__ import annotations

import pytest

from pipeline.model import Article, Quote
from pipeline.quotes import find_quotes
from pipeline.quotes.posts import of_a_state, split_post
from pipeline.quotes.roles import role_of


def only(text: str) -> Quote:
    found = find_quotes(Article(source="china_daily", text=text))
    assert len(found) == 1, [quote.span.text for quote in found]
    return found[0]


def after(post: str) -> tuple[str | None, str | None]:
    quote = only(f"Prices will fall in May, said Lin Wenbo, {post}.")
    return quote.title, quote.organization


# -- which of two posts counts


@pytest.mark.parametrize(
    ("post", "title", "body"),
    [
        ("a deputy to the people's congress of Huli and owner of Yuanlu Motors", "owner", "Yuanlu Motors"),
        (
            "a member of the Huli Municipal Committee and director of the Huli transport bureau",
            "director",
            "Huli transport bureau",
        ),
        (
            "a Turing Award winner and a scholar at the Lanhai Academy of Sciences",
            "scholar",
            "Lanhai Academy of Sciences",
        ),
        ("a national legislator and dean of Beihai University", "dean", "Beihai University"),
        ("an entrepreneur in his 30s and founder of a game company", "founder", "game company"),
        (
            "former president of the Lanhai Council and now professor at Beihai University",
            "professor",
            "Beihai University",
        ),
        ("a partner at Lanhai Group and senior robotics executive", "partner", "Lanhai Group"),
        ("chairman of Lanhai Bank and a deputy to the National People's Congress", "chairman", "Lanhai Bank"),
    ],
)
def test_a_working_post_outweighs_a_seat_an_award_or_a_former_one(post: str, title: str, body: str) -> None:
    assert after(post) == (title, body)


def test_a_seat_stands_where_the_article_has_nothing_else() -> None:
    quote = only("Prices will fall, said Lin Wenbo, a deputy to the National People's Congress.")
    assert (quote.title, quote.organization, quote.role) == ("deputy", "National People's Congress", "official")


def test_a_working_post_told_later_replaces_the_seat() -> None:
    text = "Prices will fall, said Lin Wenbo, a deputy to the National People's Congress.\n\n"
    text += "Lin, who is also chairman of Yuanlu Motors Co, left early."
    assert (only(text).title, only(text).organization, only(text).role) == ("chairman", "Yuanlu Motors Co", "executive")


# -- inner units go with the title


@pytest.mark.parametrize(
    ("post", "title", "body"),
    [
        (
            "director of the expert committee for the Lanhai Pear Alliance",
            "director of the expert committee",
            "Lanhai Pear Alliance",
        ),
        (
            "a fellow in the Moreau Center at the Beihai Institution",
            "fellow in the Moreau Center",
            "Beihai Institution",
        ),
        ("head of Lanhai's data center", "head of the data center", "Lanhai"),
        (
            "head of the Department of Science, Trade and Finance of the Lanhai Ministry",
            "head of the Department of Science, Trade and Finance",
            "Lanhai Ministry",
        ),
        (
            "a officer of the water, land and air division of the Huli Bureau",
            "officer of the water, land and air division",
            "Huli Bureau",
        ),
        (
            "head of the Research Office of the State Council",
            "head",
            "Research Office of the State Council",
        ),
    ],
)
def test_a_unit_inside_a_body_belongs_to_the_title(post: str, title: str, body: str) -> None:
    assert after(post) == (title, body)


@pytest.mark.parametrize(
    "body",
    [
        "Lanhai Institute for Studies in Pear Policy at Beihai University",
        "administrative committee of Huli New Town",
        "Yuanlu.com Group",
        "Yuanlu Engines (Huli) Co., Ltd",
        "United Pears Educational, Scientific and Cultural Organization",
    ],
)
def test_a_body_is_kept_whole(body: str) -> None:
    assert after(f"director of the {body}")[1] == body


def test_a_list_is_not_read_on_into_the_sentence() -> None:
    quote = only("According to Lin Wenbo, head of Lanhai Bank, Norland and Eastland will trade more.")
    assert (quote.title, quote.organization) == ("head", "Lanhai Bank")


@pytest.mark.parametrize("post", ["a grower from the Syr region of Norland", "a resident of Huli's Beihu district"])
def test_where_somebody_lives_is_no_organization(post: str) -> None:
    assert after(post)[1] is None


def test_a_mayor_s_city_is_one() -> None:
    assert after("mayor of Huli") == ("mayor", "Huli")


def test_a_region_that_a_company_post_covers_is_part_of_it() -> None:
    assert after("China head of Lanhai Bank") == ("China head", "Lanhai Bank")
    assert split_post("Chinese founder of Lanhai Bank")[0] == "founder"


# -- offices of state


@pytest.mark.parametrize("post", ["ambassador of Norland to China", "permanent representative to the United Nations"])
def test_an_envoy_s_countries_are_part_of_the_post(post: str) -> None:
    assert split_post(f"the {post}") == (post, None)


def test_an_office_of_state_belongs_to_no_body_and_outranks_a_party_post() -> None:
    text = "President Lin Wenbo said prices will fall.\n\nLin, also general secretary of the Central Committee, left."
    assert (only(text).title, only(text).organization, only(text).role) == ("President", None, "official")


def test_a_second_president_does_not_swallow_the_first() -> None:
    quote = only("President Lin Wenbo and visiting Tajik President Rahim Safarov met. Safarov said prices will fall.")
    assert (quote.speaker, quote.title, quote.organization) == ("Rahim Safarov", "President", None)


def test_words_before_an_office_are_no_part_of_it() -> None:
    assert only("In a review of Chinese President Lin Wenbo's travels, Lin said that talks help.").title == "President"


def test_a_company_s_president_holds_no_office_of_state() -> None:
    assert not of_a_state("president of Lanhai Bank")
    assert of_a_state("former Ethiopian president")


def test_a_union_of_states_keeps_its_adjective() -> None:
    assert split_post("European Commission President") == ("President", "European Commission")


def test_a_post_between_commas_before_the_name() -> None:
    quote = only("Norway's vice-minister of fisheries and ports, Lin Wenbo, said prices will fall.")
    assert (quote.title, quote.role) == ("vice-minister of fisheries and ports", "official")
    assert only("In May, Lin Wenbo, an analyst at Lanhai Bank, said prices will fall.").title == "analyst"


# -- short names


def test_the_school_is_the_one_named_before() -> None:
    text = "Beihai Business School opened a campus.\n\nPrices will fall, said Lin Wenbo, president of the school."
    assert only(text).organization == "Beihai Business School"


def test_the_startup_is_the_one_that_was_called_so() -> None:
    text = "Zhulong, a Huli-based startup, grew.\n\nPrices will fall, said Lin Wenbo, founder of the startup."
    assert only(text).organization == "Zhulong"


def test_one_of_several_lawyers() -> None:
    assert split_post("one of Google's lawyers") == ("lawyer", "Google")
    assert split_post("one of Ada's instructors") == ("instructor", None)


# -- roles


@pytest.mark.parametrize(
    ("title", "body", "role"),
    [
        ("deputy secretary-general", "Lanhai Electricity Council", "expert"),
        ("deputy secretary general", "SCO", "official"),
        ("chief scientist", "Yuanlu Motors Co", "executive"),
        ("chief economist", "Yuanlu Securities", "expert"),
        ("student", "Beihai University", "other"),
        ("lecturer", "Beihai University", "expert"),
        ("president", "Huli Evening Times", "executive"),
        ("editor-in-chief", "Huli Evening Times", "other"),
        ("agricultural adviser", "Dutch embassy", "official"),
        ("head", "Lanhai pavilion", "other"),
        ("data official", "Huliwan", "official"),
        ("head of ecosystem", "Asian Infrastructure Investment Bank", "official"),
    ],
)
def test_the_role_follows_post_and_body(title: str, body: str, role: str) -> None:
    assert role_of(title, body) == role


def test_what_a_body_is_said_to_be_decides_where_its_name_does_not() -> None:
    assert only("Prices will fall, said Lin Wenbo, director of Orrin, a global energy think tank.").role == "expert"
    assert only("Prices will fall, said Lin Wenbo, director of Orrin, a maker of pumps.").role == "executive"


def test_an_abbreviation_has_the_role_of_the_body_that_the_article_writes_out() -> None:
    text = (
        "The Lanhai Association of Pear Growers, or LAPG, met.\n\nPrices will fall, said Lin Wenbo, chairman of LAPG."
    )
    assert (only(text).organization, only(text).role) == ("LAPG", "expert")


# -- what is no post of the person before


@pytest.mark.parametrize(
    "follows",
    [
        ", Premier Zhao Guanlin and the envoy",
        ", who is on a study tour of Norland",
        ", which President Zhao Guanlin opened,",
    ],
)
def test_the_next_person_or_a_clause_is_no_apposition(follows: str) -> None:
    text = f"Reporters met Chancellor Lin Wenbo{follows} in May.\n\nLin said prices will fall."
    assert only(text).title == "Chancellor"


def test_the_ministry_at_the_head_of_a_sentence_is_written_out() -> None:
    text = "The Foreign Ministry met reporters in May.\n\nMinistry spokeswoman Lin Wenmei said prices will fall."
    assert (only(text).title, only(text).organization) == ("spokeswoman", "Foreign Ministry")


def test_the_center_is_the_one_named_in_small_letters() -> None:
    text = "Staff of the Huli compulsory rehabilitation center met.\n\n"
    text += "Prices will fall, said Lin Wenbo, head of the center's guidance division."
    assert (only(text).title, only(text).organization) == (
        "head of the guidance division",
        "Huli compulsory rehabilitation center",
    )


# -- bodies whose names begin with a country, and fields of a post


@pytest.mark.parametrize(
    ("post", "title", "body"),
    [
        ("Bank of England governor", "governor", "Bank of England"),
        ("Taiwan Affairs Office spokeswoman", "spokeswoman", "Taiwan Affairs Office"),
        ("Chinese Academy of Sciences researcher", "researcher", "Chinese Academy of Sciences"),
        ("Ford Motor Co CEO", "CEO", "Ford Motor Co"),
        ("the company's China president", "China president", "the company"),
        ("Asia-Pacific chief economist at Lanhai Bank", "Asia-Pacific chief economist", "Lanhai Bank"),
        ("vice-president of Lanhai Inc for the Greater China region", "vice-president", "Lanhai Inc"),
        ("US Treasury Secretary", "Treasury Secretary", None),
        (
            "former vice-minister of commerce and president of the Lanhai Foundation",
            "president",
            "Lanhai Foundation",
        ),
        (
            "deputy head of the General Administration of Sport's archery department",
            "deputy head of the archery department",
            "General Administration of Sport",
        ),
    ],
)
def test_a_country_is_cut_only_where_it_is_no_part_of_a_name(post: str, title: str, body: str | None) -> None:
    assert split_post(post) == (title, body)


def test_a_department_behind_a_comma_is_the_ministry_s() -> None:
    quote = only("Lin Wenbo, head of the Department of Fairs and Markets, Ministry of Commerce, said talks will go on.")
    assert (quote.title, quote.organization) == ("head of the Department of Fairs and Markets", "Ministry of Commerce")


def test_a_firm_s_possessive_before_a_name() -> None:
    quote = only("OpenAI's Lin Wenbo warned that prices will fall.")
    assert (quote.title, quote.organization, quote.role) == (None, "OpenAI", "executive")


def test_an_office_of_state_before_the_name_outranks_the_apposition() -> None:
    quote = only("Vice-Premier Lin Wenbo, also a member of the Flood Council, said talks will go on.")
    assert (quote.title, quote.organization) == ("Vice-Premier", None)


def test_a_board_is_part_of_the_post() -> None:
    title, body = split_post("chairman of the Board of Supervisors of Lanhai Group")
    assert (title, body) == ("chairman of the Board of Supervisors", "Lanhai Group")


def test_a_post_with_its_body_before_the_name() -> None:
    quote = only("Director of the Lanhai Office for Pears Lin Wenbo said prices will fall.")
    assert (quote.title, quote.organization) == ("Director", "Lanhai Office for Pears")


@pytest.mark.parametrize(
    ("title", "body", "role"),
    [
        ("head", "State Administration of Foreign Exchange", "official"),
        ("head", "Lanhai Stock Exchange", "executive"),
        ("chairman", "Lanhai Group Club", "expert"),
        ("Party secretary", "Lanhai Petroleum Corp", "executive"),
        ("Party secretary", "Huli", "official"),
        ("chief economist", "Ministry of Agriculture", "official"),
        ("chief economist", "Asian Development Bank", "expert"),
        ("vice-chairman", "Lanhai Society for World Trade Organization Studies", "expert"),
    ],
)
def test_the_head_of_a_name_says_what_a_body_is(title: str, body: str, role: str) -> None:
    assert role_of(title, body) == role


@pytest.mark.parametrize(
    "post",
    [
        "Secretary of State for Pears, Plums and Trade",
        "Commissioner for Home Affairs",
        "Deputy Prime Minister and Minister of Finance",
        "Vice Minister of Commerce and Deputy International Trade Representative",
    ],
)
def test_the_field_of_an_office_of_state_is_part_of_it(post: str) -> None:
    quote = only(f"Norwegian {post} Lin Wenbo said prices will fall.")
    assert (quote.title, quote.organization, quote.role) == (post, None, "official")


def test_a_department_without_its_ministry_stays_with_the_title() -> None:
    assert split_post("head of the Department of Fairs and Markets") == (
        "head of the Department of Fairs and Markets",
        None,
    )
    assert role_of("head of the Department of Fairs and Markets", None) == "official"


def test_the_maker_of_a_thing_has_no_body_by_it() -> None:
    assert split_post("an inheritor of Huli lacquerware") == ("inheritor of Huli lacquerware", None)
    assert split_post("editor of the Huli Daily") == ("editor", "Huli Daily")


# -- how a post may be attached to a name


@pytest.mark.parametrize(
    ("attached", "title", "body"),
    [
        (" (left), CEO of Lanhai Foods Co,", "CEO", "Lanhai Foods Co"),
        (" — a professor at Beihai University —", "professor", "Beihai University"),
        (", 35, founder of Lanhai Foods Co,", "founder", "Lanhai Foods Co"),
        (", PhD, professor at Beihai University,", "professor", "Beihai University"),
        (", who has been president of Lanhai Foods Co since 2010,", "president", "Lanhai Foods Co"),
        (", who heads Lanhai Foods Co,", None, "Lanhai Foods Co"),
        (", who lectures at Beihai University in Norway,", None, "Beihai University"),
        (", president, and CEO of Lanhai Foods Co,", "president and CEO", "Lanhai Foods Co"),
        (", Deputy General Manager, Lanhai Foods (China) Co,", "Deputy General Manager", "Lanhai Foods (China) Co"),
        (", finance director in China for Lanhai Foods Co,", "finance director in China", "Lanhai Foods Co"),
        (", chairman of Lanhai AG's board of management,", "chairman of the board of management", "Lanhai AG"),
        (", founder, chairman and CEO of Lanhai Foods Co,", "founder, chairman and CEO", "Lanhai Foods Co"),
        (
            ", vice-president of sales, marketing and service at Lanhai Foods Co,",
            "vice-president of sales, marketing and service",
            "Lanhai Foods Co",
        ),
        (", 41, a farmer in Huliwan,", "farmer", None),
    ],
)
def test_a_post_is_found_however_it_is_attached(attached: str, title: str | None, body: str | None) -> None:
    quote = only(f"Zhang Wenlei{attached} said prices will fall.")
    assert (quote.title, quote.organization) == (title, body)


def test_a_consul_general_and_a_city_s_chief_executive_hold_offices_of_state() -> None:
    quote = only("Chinese Consul General in New York Lin Wenbo said prices will fall.")
    assert (quote.title, quote.organization, quote.role) == ("Consul General in New York", None, "official")
    assert only("Hong Kong Chief Executive Adam Lo Wing-fai said prices will fall.").role == "official"


def test_a_second_post_inside_the_first_body_names_it_by_its() -> None:
    for owner in ("its", "the committee's"):
        post = f"a member of the Huli Provincial Committee and head of {owner} publicity department"
        assert split_post(post) == ("head of the publicity department", "Huli Provincial Committee")


def test_a_delegate_s_home_is_no_body() -> None:
    assert split_post("an NPC deputy from Huli") == ("deputy", "NPC")


def test_a_new_holder_of_an_office() -> None:
    quote = only("Lin Wenbo said in his first speech as premier that prices will fall.")
    assert (quote.title, quote.organization, quote.role) == ("premier", None, "official")


def test_a_post_before_the_name_and_its_body_behind() -> None:
    quote = only("Analyst Lin Wenbo of Lanhai Securities said prices will fall.")
    assert (quote.title, quote.organization) == ("Analyst", "Lanhai Securities")
    quote = only("Scholar Lin Wenbo from Beihai University said prices will fall.")
    assert (quote.title, quote.organization) == ("Scholar", "Beihai University")


def test_a_member_of_a_cabinet_holds_an_office_of_state() -> None:
    quote = only("US Secretary of Defense Adam Holm said prices will fall.")
    assert (quote.title, quote.organization, quote.role) == ("Secretary of Defense", None, "official")


def test_a_president_without_a_country_may_yet_be_a_university_s() -> None:
    text = "President Lin Wenbo said prices will fall.\n\nLin, who is president of Beihai University, left."
    assert (only(text).title, only(text).organization, only(text).role) == ("president", "Beihai University", "expert")


def test_the_group_and_the_city_are_those_named_before() -> None:
    text = (
        "Lanhai Foods Co sells juice. Yuanlu Group sells cars.\n\nLin Wenbo, president of the group, said sales rose."
    )
    assert (only(text).title, only(text).organization) == ("president", "Yuanlu Group")
    text = "In Huli, Anhui province, sales rose.\n\nLin Wenbo, mayor of the city, said prices will fall."
    assert only(text).organization == "Huli"


def test_the_body_whose_post_it_is() -> None:
    quote = only("Lanhai Foods, whose vice-president Lin Wenbo said prices will fall, sells juice.")
    assert (quote.title, quote.organization) == ("vice-president", "Lanhai Foods")


def test_a_fuller_post_told_later_fills_the_first() -> None:
    first = "Lin Wenbo, a startup founder in Huliwan, said sales rose."
    for later in ("Lin, general manager of Lanhai Foods Co, left.", "As general manager of Lanhai Foods Co, Lin left."):
        quote = only(f"{first}\n\n{later}")
        assert (quote.title, quote.organization) == ("general manager", "Lanhai Foods Co")
