"""Values that columns about people have: words, codes and patterns, a literal table.

    WORDS     a value has one of these words or phrases, or it is one of the wholes
    CODES     a value is one of these codes
    PATTERNS  a value has this form

A row says what it found, which categories that may be, and from how much on it counts.
"""

from __future__ import annotations

from dataclasses import dataclass

ROWS_AT_LEAST, VALUES_AT_LEAST = 0.8, 0.5  # shares that must match for words
NAMES_AT_LEAST = 0.3  # share of rows: the list of first names is short
MOST_VALUES = 2000  # the most frequent ones are looked at

_AGES = (
    r"(?:under|over|below|unter|über|[<>≤≥]=?)? ?[0-9]{1,3}"
    r"(?: ?(?:-|–|to|bis|à|a) ?[0-9]{1,3}|\+| (?:and|or) (?:over|older|under|younger))?"
)
_DATES = (
    r"(?:19|20)[0-9]{2}([-/.])[0-9]{1,2}\1[0-9]{1,2}(?:[T ].*)?"
    r"|[0-9]{1,2}([-/.])[0-9]{1,2}\2(?:19|20)[0-9]{2}"
)

# Answers that say nothing: left out before shares are made.
NEUTRAL = (
    "other others unknown none na n_a nan null missing refused declined undisclosed prefer_not_to_say "
    "not_reported not_stated not_specified unspecified not_applicable no_answer andere sonstige "
    "unbekannt keine_angabe autre inconnu otro altro outro x"
)
YES_OR_NO = (
    "yes no y n true false ja nein oui non si sí não sim nee tak nie nej nei evet hayır да нет 是 否"
)


@dataclass(frozen=True, slots=True)
class ValueWords:
    """Words that values of a column may have.

    Args:
        what: What they are, for the reason.
        categories: What a column of them may be about; the first unless its name says another.
        within: Words and phrases that count anywhere in a value.
        whole: Those that count only as the whole value, and beside one of `within`, or with a name.
        sure: Whether the values alone say so.
        rows: The least share of rows.
        values: The least share of distinct values.
        distinct: The least number of distinct values that match, without a name.
    """

    what: str
    categories: tuple[str, ...]
    within: str
    whole: str = ""
    sure: bool = True
    rows: float = ROWS_AT_LEAST
    values: float = VALUES_AT_LEAST
    distinct: int = 2


@dataclass(frozen=True, slots=True)
class ValueCodes:
    """Codes of two letters: all values must be one; without a name, at least three different ones.

    Args:
        what: What they are, for the reason.
        categories: What a column of them may be about; the first unless its name says another.
        codes: The codes.
    """

    what: str
    categories: tuple[str, ...]
    codes: str


@dataclass(frozen=True, slots=True)
class ValuePattern:
    """A form that values of a column may have.

    Args:
        what: What they are, for the reason.
        categories: What a column of them is about.
        pattern: A regular expression for the whole value, in any case.
        alone: Whether they count without a name.
    """

    what: str
    categories: tuple[str, ...]
    pattern: str
    alone: bool = True


WORDS = (
    ValueWords(
        "words for a sex or gender",
        ("sex_or_gender",),
        "male female man woman men women boy girl mr mrs ms miss transgender nonbinary non_binary "
        "masculine feminine intersex männlich weiblich divers mann frau herr homme femme masculin "
        "féminin monsieur madame hombre mujer masculino femenino varón señor señora maschio femmina "
        "uomo donna mulher homem feminino vrouw meneer mevrouw mężczyzna kobieta kvinna kvinne kvinde "
        "hona erkek kadın мужской женский мужчина женщина муж жен ذكر أنثى 男性 女性 पुरुष महिला",
        "m f w h k e d v u 男 女 м ж",
    ),
    ValueWords(
        "words for a race or ethnicity",
        ("race_or_ethnicity",),
        "caucasian african_american afro_american hispanic latino latina latinx asian native_american "
        "american_indian amer_indian alaska_native pacific_islander native_hawaiian eskimo "
        "two_or_more_races multiracial biracial mixed_race roma romani sinti maori aboriginal "
        "indigenous mestizo mulatto parda pardo preta preto indígena afrodescendiente han uyghur "
        "tibetan bame white_british black_african black_caribbean non_hispanic other_race kaukasisch",
        "white black brown mixed indian arab jewish branca branco amarela chinese",
    ),
    ValueWords(
        "religions",
        ("religion",),
        "christian christianity catholic protestant evangelical lutheran orthodox baptist methodist "
        "anglican mormon muslim islam islamic sunni shia jewish judaism hindu hinduism buddhist "
        "buddhism sikh sikhism jain atheist agnostic taoist shinto katholisch evangelisch "
        "römisch_katholisch konfessionslos muslimisch jüdisch catholique protestant musulman juif "
        "católico musulmán judío cattolico musulmano ebreo katholiek protestants moslim katolik "
        "prawosławny müslüman hristiyan православный мусульманин 佛教 基督教 伊斯兰教",
        "secular",
    ),
    ValueWords(
        "words for a marital or family status",
        ("family_status",),
        "married unmarried divorced widowed separated never_married cohabiting civil_partnership "
        "civil_union husband wife own_child biological_child verheiratet ledig geschieden verwitwet "
        "marié mariée célibataire divorcé veuf veuve pacsé casado casada soltero soltera divorciado "
        "viudo sposato celibe nubile coniugato divorziato vedovo solteiro divorciado viúvo gehuwd "
        "ongehuwd gescheiden weduwe żonaty zamężna kawaler panna rozwiedziony gift ugift skild skilt "
        "enke evli bekar boşanmış женат замужем холост разведён متزوج 已婚 未婚 离婚 既婚",
        "single partner widow widower",
    ),
    ValueWords(
        "places in a family or household",
        ("family_status",),
        "husband wife child grandchild stepchild parent sibling brother sister spouse relative "
        "not_in_family unmarried partner roommate housemate roomer boarder lodger reference_person "
        "householder foster group_quarters institution",
        "mother father son daughter self",
        sure=False,
        distinct=3,
    ),
    ValueWords(
        "sexual orientations",
        ("sexual_orientation",),
        "heterosexual homosexual bisexual gay lesbian asexual pansexual hetero",
        "straight queer",
    ),
    ValueWords(
        "levels of education",
        ("education",),
        "bachelor bachelors master masters doctorate phd high_school hs_grad secondary_school college "
        "diploma some_college assoc_acdm assoc_voc associate preschool professional_degree "
        "prof_school abitur hauptschule realschule licence baccalauréat undergraduate postgraduate",
        "primary secondary tertiary th th_th grade",
        sure=False,
    ),
    ValueWords(
        "skin tones",
        ("skin_colour",),
        "fair_skin dark_skin light_skin fitzpatrick",
        "light medium dark fair olive tan brown i ii iii iv v vi "
        "type_i type_ii type_iii type_iv type_v type_vi",
    ),
    ValueWords(
        "names of countries",
        ("origin", "nationality"),
        "afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan "
        "bahamas bahrain bangladesh barbados belarus belgium belize benin bhutan bolivia bosnia "
        "botswana brazil brunei bulgaria burkina_faso burundi cambodia cameroon canada cape_verde "
        "chile china colombia columbia congo costa_rica cote_d_ivoire ivory_coast croatia cuba cyprus "
        "czechia czech_republic denmark djibouti dominica dominican_republic ecuador egypt "
        "el_salvador eritrea estonia eswatini ethiopia fiji finland france gabon gambia germany ghana "
        "greece grenada guam guatemala guinea guyana haiti honduras hong_kong hungary iceland india "
        "indonesia iran iraq ireland israel italy jamaica japan kazakhstan kenya kiribati korea "
        "kosovo kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya liechtenstein lithuania "
        "luxembourg macedonia madagascar malawi malaysia maldives mali malta mauritania mauritius "
        "mexico micronesia moldova monaco mongolia montenegro morocco mozambique myanmar burma "
        "namibia nauru nepal netherlands holland new_zealand nicaragua niger nigeria norway oman "
        "pakistan palau palestine panama paraguay peru philippines poland portugal puerto_rico qatar "
        "romania russia russian_federation rwanda samoa saudi_arabia senegal serbia seychelles "
        "sierra_leone singapore slovakia slovenia somalia south_africa south_korea north_korea spain "
        "sri_lanka sudan suriname sweden switzerland syria taiwan tajikistan tanzania thailand togo "
        "tonga trinidad tunisia turkey turkiye turkmenistan tuvalu uganda ukraine "
        "united_arab_emirates united_kingdom great_britain england scotland wales united_states "
        "united_states_of_america usa uk uae us uruguay uzbekistan vanuatu venezuela vietnam yemen "
        "yugoslavia zambia zimbabwe deutschland osterreich schweiz frankreich italien spanien polen "
        "turkei niederlande belgien espagne allemagne italie suisse belgique royaume_uni etats_unis "
        "espana alemania francia italia portugal brasil reino_unido estados_unidos suecia россия "
        "германия франция украина казахстан 中国 日本 美国 韩国 印度",
    ),
    ValueWords(
        "words for a nationality or citizenship",
        ("nationality", "origin", "race_or_ethnicity", "language"),
        "citizen not_a_citizen naturalised naturalized permanent_resident foreign_born native_born "
        "born_in born_abroad refugee american british english scottish irish german french spanish "
        "italian portuguese dutch belgian austrian swiss polish czech hungarian romanian bulgarian "
        "greek turkish russian ukrainian swedish danish norwegian finnish mexican canadian brazilian "
        "argentinian colombian cuban peruvian chilean chinese japanese korean vietnamese filipino "
        "thai indonesian pakistani bangladeshi iranian iraqi syrian afghan israeli egyptian moroccan "
        "algerian tunisian nigerian ghanaian kenyan ethiopian somali australian deutsch türkisch "
        "polnisch französisch italienisch russisch français allemand español alemán",
        "indian native foreign",
        sure=False,
    ),
    ValueWords(
        "names of languages",
        ("language", "nationality"),
        "arabic hindi urdu bengali punjabi mandarin cantonese swahili farsi hebrew english_only "
        "castellano tagalog",
        "english german french spanish italian portuguese dutch polish turkish russian chinese "
        "japanese korean vietnamese swedish danish norwegian finnish greek",
        distinct=3,
        sure=False,
    ),
    ValueWords(
        "states of the USA",
        ("location",),
        "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia "
        "hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts "
        "michigan minnesota mississippi missouri montana nebraska nevada new_hampshire new_jersey "
        "new_mexico new_york north_carolina north_dakota ohio oklahoma oregon pennsylvania "
        "rhode_island south_carolina south_dakota tennessee texas utah vermont virginia washington "
        "west_virginia wisconsin wyoming",
        distinct=3,
    ),
    ValueWords(
        "first names",
        ("name_of_person",),
        "james john robert michael william david richard joseph thomas charles christopher daniel "
        "matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george edward "
        "ronald timothy jason jeffrey ryan mary patricia jennifer linda elizabeth barbara susan "
        "jessica sarah karen nancy lisa margaret sandra ashley emily emma kimberly donna michelle "
        "carol amanda melissa deborah stephanie rebecca laura helen sharon cynthia kathleen amy anna "
        "ruth lakisha latoya tamika jamal darnell tyrone keisha aisha ebony hakim rasheed mohammed "
        "muhammad mohamed ahmed ali omar hassan ibrahim fatima yusuf khadija zeynep mehmet mustafa "
        "emre elif hans peter klaus jürgen wolfgang andreas stefan thomas ursula monika petra sabine "
        "lena jonas lukas felix leonie jean pierre michel philippe nicolas marie nathalie isabelle "
        "sophie camille lucas léa chloé josé juan carlos luis miguel jorge maría carmen ana lucía "
        "sofía valentina giuseppe giovanni antonio marco luca francesca chiara giulia joão pedro "
        "tiago beatriz inês jan piotr krzysztof andrzej agnieszka katarzyna małgorzata lars erik "
        "anders nils ingrid astrid karin ivan sergey dmitry alexander olga tatiana natalia anastasia "
        "иван сергей дмитрий александр ольга татьяна анна мария wei li ming fang hiroshi takashi yuki "
        "kenji sakura haruto priya rahul amit deepak sunita raj anjali",
        sure=False,
        rows=NAMES_AT_LEAST,
        values=NAMES_AT_LEAST / 2,
        distinct=5,
    ),
)

CODES = (
    ValueCodes(
        "ISO codes of countries",
        ("origin", "nationality"),
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN "
        "BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ "
        "DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL "
        "GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM "
        "JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME "
        "MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP "
        "NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD "
        "SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO "
        "TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW UK",
    ),
    ValueCodes(
        "ISO codes of languages",
        ("language",),
        "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da "
        "de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr "
        "ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw "
        "ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no "
        "nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm "
        "sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve "
        "vi vo wa wo xh yi yo za zh zu",
    ),
    ValueCodes(
        "codes of states of the USA",
        ("location",),
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE "
        "NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY",
    ),
)
CODES_AT_LEAST = 3  # distinct ones, where the name doesn't say so

# Letters that stand for a sex together, without a name; others in their column must be neutral.
SEX_LETTERS = tuple(map(frozenset, ("mf", "mw", "hf", "мж", "男女")))

PATTERNS = (
    ValuePattern("British postcodes", ("location",), r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}"),
    ValuePattern("Canadian postcodes", ("location",), r"[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]"),
    ValuePattern("Dutch postcodes", ("location",), r"[1-9][0-9]{3} ?[A-Z]{2}"),
    ValuePattern("ZIP codes with four more digits", ("location",), r"[0-9]{5}-[0-9]{4}"),
    ValuePattern("five digits, as postcodes have", ("location",), r"[0-9]{5}", alone=False),
    ValuePattern("ages or ranges of ages", ("age",), _AGES, alone=False),
    ValuePattern("dates", ("age",), _DATES, alone=False),
)
