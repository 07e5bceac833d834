"""Words for the circumstances of people, as names of columns have them: family, schooling, money, place.

The table has the form of that in `characteristic_words`.
"""

from __future__ import annotations

from collections.abc import Mapping

CIRCUMSTANCES: Mapping[str, Mapping[str, str]] = {
    "location": {
        "en": "zip zipcode zip_code zip3 postcode postal_code postal pcode address addr street? city? "
        "town? county? borough neighbourhood neighborhood district? region? state? province? "
        "residence? place? location? latitude longitude lat? lon? lng? geo? geolocation census_tract "
        "tract? block_group fips puma msa? hometown rural urban",
        "de": "plz postleitzahl wohnort anschrift adresse straße? strasse? stadt? ort? bezirk? "
        "bundesland "
        "landkreis gemeinde? stadtteil",
        "fr": "code_postal codepostal cp! adresse ville? commune? département? région? quartier?",
        "es": "código_postal cp! dirección? ciudad? provincia? barrio? municipio? domicilio",
        "it": "codice_postale cap! indirizzo città? comune? provincia? regione?",
        "pt": "código_postal cep endereço cidade? bairro? município? estado? morada",
        "nl": "postcode adres woonplaats gemeente? provincie? wijk? stad? buurt",
        "pl": "kod_pocztowy adres miasto? województwo? miejscowość powiat? gmina?",
        "sv": "postnummer adress bostadsort kommun? län! ort?",
        "da": "postnummer adresse bopæl kommune? by!",
        "no": "postnummer adresse bosted kommune? fylke?",
        "tr": "posta_kodu adres şehir? il! ilçe? semt?",
        "ru": "индекс? почтовый_индекс адрес город? регион? область? adres gorod?",
        "ar": "العنوان المدينة الرمز_البريدي",
        "zh": "邮编 邮政编码 郵遞區號 地址 城市 省份 dizhi",
        "ja": "郵便番号 住所 都道府県 市区町村 jusho",
        "hi": "पता पिन_कोड शहर",
    },
    "name_of_person": {
        "en": "name? names? first_name last_name given_name surname fullname full_name forename fname "
        "lname family_name middle_name maiden_name applicant_name customer_name employee_name "
        "patient_name student_name candidate_name person_name",
        "de": "vorname nachname familienname geburtsname zuname",
        "fr": "prénom nom? nom_de_famille",
        "es": "nombre? apellido apellidos",
        "it": "nome? cognome",
        "pt": "nome? sobrenome apelido",
        "nl": "voornaam achternaam naam?",
        "pl": "imię nazwisko",
        "sv": "förnamn efternamn namn?",
        "da": "fornavn efternavn navn?",
        "no": "fornavn etternavn navn?",
        "tr": "isim? soyadı soyad",
        "ru": "имя фамилия отчество фио imya familiya fio",
        "ar": "الاسم اسم? اسم_العائلة",
        "zh": "姓名 名字 xingming",
        "ja": "氏名 名前 苗字 shimei",
        "hi": "नाम उपनाम",
    },
    "family_status": {
        "en": "marital_status marital marriage married civil_status family_status familystatus mar_stat "
        "marst marstat mstatus? personal_status spouse husband wife divorced widowed single? "
        "relationship? relationship_status dependents? dependants? children? num_children "
        "number_of_children n_children kids? parental_status parent? parents? family? family_size "
        "household? household_size single_parent cohabiting",
        "de": "familienstand zivilstand ehestand verheiratet ledig geschieden kinder? anzahl_kinder "
        "kinderzahl alleinerziehend haushaltsgröße",
        "fr": "état_civil situation_familiale situation_matrimoniale statut_marital marié enfants? "
        "nombre_d_enfants conjoint",
        "es": "estado_civil casado hijos? número_de_hijos situación_familiar cónyuge",
        "it": "stato_civile sposato figli? numero_figli coniuge coniugato",
        "pt": "estado_civil casado filhos? número_de_filhos cônjuge",
        "nl": "burgerlijke_staat burgerlijke_stand gehuwd gezinssituatie kinderen? aantal_kinderen",
        "pl": "stan_cywilny dzieci? liczba_dzieci małżeństwo",
        "sv": "civilstånd civilstatus gift! barn! antal_barn",
        "da": "civilstand ægteskabelig_status gift! antal_børn",
        "no": "sivilstand sivilstatus gift? barn? antall_barn",
        "tr": "medeni_hal medeni_durum medeni_hali evli çocuk_sayısı",
        "ru": "семейное_положение semeynoe_polozhenie semeinoe_polozhenie брак дети? количество_детей",
        "ar": "الحالة_الاجتماعية الحالة_الزوجية",
        "zh": "婚姻 婚姻状况 婚姻狀況 子女 hunyin",
        "ja": "婚姻 婚姻状況 配偶者 既婚 家族構成 kekkon",
        "hi": "वैवाहिक_स्थिति",
    },
    "education": {
        "en": "education educational education_level education_num educ edu? degree? schooling school? "
        "qualification? qualifications? literacy university? college? alma_mater highest_degree "
        "years_of_education parental_level_of_education",
        "de": "bildung? bildungsabschluss bildungsgrad schulabschluss schulbildung ausbildung "
        "abschluss? "
        "studium?",
        "fr": "éducation niveau_d_études niveau_études diplôme formation! scolarité",
        "es": "educación nivel_educativo estudios? nivel_de_estudios escolaridad",
        "it": "istruzione titolo_di_studio livello_istruzione",
        "pt": "educação escolaridade nível_de_instrução grau_de_instrução",
        "nl": "opleiding opleidingsniveau onderwijs?",
        "pl": "wykształcenie edukacja",
        "sv": "utbildning utbildningsnivå",
        "da": "uddannelse uddannelsesniveau",
        "no": "utdanning utdanningsnivå",
        "tr": "eğitim eğitim_durumu eğitim_düzeyi öğrenim",
        "ru": "образование obrazovanie",
        "ar": "التعليم المؤهل_العلمي",
        "zh": "学历 學歷 教育 教育程度 xueli",
        "ja": "学歴 教育 最終学歴 gakureki",
        "hi": "शिक्षा shiksha",
    },
    "income": {
        "en": "income incomes wage wages salary salaries earnings annual_income household_income "
        "net_income? inc? pay_grade remuneration pension? fam_inc hh_income pincp hincp wagp",
        "de": "einkommen gehalt? lohn haushaltseinkommen bruttoeinkommen nettoeinkommen verdienst? "
        "bruttogehalt rente?",
        "fr": "revenu revenus salaire rémunération",
        "es": "ingresos? ingreso? salario sueldo renta?",
        "it": "reddito stipendio salario",
        "pt": "renda rendimento? salário",
        "nl": "inkomen salaris loon",
        "pl": "dochód dochody wynagrodzenie pensja zarobki",
        "sv": "inkomst månadslön årslön",
        "da": "indkomst månedsløn årsløn",
        "no": "inntekt lønn? årslønn",
        "tr": "gelir? maaş? ücret?",
        "ru": "доход доходы зарплата dohod dokhod zarplata",
        "ar": "الدخل دخل? الراتب راتب",
        "zh": "收入 工资 工資 薪资 shouru",
        "ja": "収入 年収 所得 給与 nenshu",
        "hi": "आय वेतन",
    },
    "wealth": {
        "en": "wealth net_worth networth assets? property? savings? homeowner home_owner home_ownership "
        "house_ownership owns_home own_home real_estate? inheritance",
        "de": "vermögen ersparnisse? eigentum? wohneigentum immobilienbesitz erbe?",
        "fr": "patrimoine richesse épargne? propriétaire?",
        "es": "patrimonio riqueza ahorros?",
        "it": "patrimonio ricchezza risparmi?",
        "pt": "patrimônio riqueza poupança?",
        "nl": "vermogen? spaargeld? eigen_woning",
        "pl": "majątek oszczędności?",
        "sv": "förmögenhet sparande?",
        "da": "formue opsparing?",
        "no": "formue sparing?",
        "tr": "servet mal_varlığı",
        "ru": "богатство имущество?",
        "ar": "الثروة",
        "zh": "财产 財產 财富 资产?",
        "ja": "資産? 財産",
        "hi": "संपत्ति",
    },
    "socioeconomic_status": {
        "en": "socioeconomic socio_economic socioeconomic_status ses? social_class social_status "
        "social_origin welfare public_assistance food_stamps medicaid snap? free_lunch poverty "
        "deprivation occupation? occup? profession? job? job_title? workclass? work_class? housing? "
        "employment_status unemployed homeless parents_employment parental_occupation "
        "first_generation occp povpip",
        "de": "sozialer_status soziale_herkunft sozialhilfe bürgergeld beruf? berufsgruppe? arbeitslos "
        "wohnsituation? sozialleistungen",
        "fr": "catégorie_socioprofessionnelle csp? statut_social origine_sociale métier? profession? "
        "chômage chômeur",
        "es": "nivel_socioeconómico clase_social ocupación? profesión? desempleado estrato",
        "it": "stato_socioeconomico classe_sociale professione? occupazione? disoccupato",
        "pt": "nível_socioeconômico classe_social profissão? ocupação? desempregado",
        "nl": "sociaaleconomische_status beroep? uitkering bijstand werkloos",
        "pl": "status_społeczny zawód? bezrobotny",
        "sv": "socioekonomisk yrke? försörjningsstöd arbetslös",
        "da": "socioøkonomisk erhverv? kontanthjælp arbejdsløs stilling?",
        "no": "sosioøkonomisk yrke? sosialhjelp arbeidsledig",
        "tr": "sosyoekonomik meslek? işsiz sosyal_sınıf",
        "ru": "социальный_статус профессия? безработный professiya?",
        "ar": "المهنة مهنة?",
        "zh": "职业? 職業? 社会阶层 低保 户口",
        "ja": "職業? 生活保護 社会階層",
        "hi": "व्यवसाय? पेशा?",
    },
    "political_opinion": {
        "en": "political politics political_party political_opinion political_view political_views "
        "political_affiliation party? party_affiliation partisan partisanship ideology vote? voted? "
        "voter voter_registration voting?",
        "de": "politische_meinung politische_einstellung partei? parteizugehörigkeit wahlverhalten",
        "fr": "opinion_politique parti_politique parti? affiliation_politique",
        "es": "opinión_política partido? partido_político ideología",
        "it": "opinione_politica partito? partito_politico ideologia",
        "pt": "opinião_política partido? partido_político ideologia",
        "nl": "politieke_voorkeur politieke_partij stemgedrag",
        "pl": "poglądy_polityczne partia? partia_polityczna",
        "sv": "politisk_åsikt politiskt_parti partisympati",
        "da": "politisk_holdning politisk_parti",
        "no": "politisk_oppfatning politisk_parti",
        "tr": "siyasi_görüş siyasi_parti",
        "ru": "политические_взгляды партия? политика?",
        "ar": "الرأي_السياسي الحزب",
        "zh": "政治面貌 政治 党派",
        "ja": "政治 支持政党 政党",
        "hi": "राजनीतिक राजनीतिक_दल",
    },
    "union_membership": {
        "en": "union? union_member union_membership trade_union labor_union labour_union unionized "
        "unionised union_dues",
        "de": "gewerkschaft gewerkschaftsmitglied gewerkschaftszugehörigkeit",
        "fr": "syndicat syndiqué appartenance_syndicale",
        "es": "sindicato sindicalizado afiliación_sindical",
        "it": "sindacato iscrizione_sindacale",
        "pt": "sindicato sindicalizado filiação_sindical",
        "nl": "vakbond vakbondslid",
        "pl": "związek_zawodowy związki_zawodowe",
        "sv": "fackförening fackmedlem facket",
        "da": "fagforening",
        "no": "fagforening fagorganisert",
        "tr": "sendika sendika_üyeliği",
        "ru": "профсоюз profsoyuz",
        "ar": "النقابة نقابة",
        "zh": "工会 工會",
        "ja": "労働組合 組合員",
        "hi": "श्रमिक_संघ",
    },
}
