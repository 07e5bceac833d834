"""Words for what people are and believe, as names of columns have them: a literal table.

    category ──▶ language ──▶ words    a phrase is joined by _ : date_of_birth
                                       word?  has other meanings too: alone it is a hint
                                       word!  counts only if the values agree

Add a word in its row; accents, upper case and the seams of a phrase don't matter. What people have and
where they live is in `circumstance_words`.
"""

from __future__ import annotations

from collections.abc import Mapping

CHARACTERISTICS: Mapping[str, Mapping[str, str]] = {
    "sex_or_gender": {
        "en": "sex gender gndr gendr gend? sx? female male is_female is_male pronoun pronouns "
        "transgender "
        "nonbinary non_binary salutation honorific",
        "de": "geschlecht anrede weiblich? männlich?",
        "fr": "sexe genre! civilité",
        "es": "sexo género?",
        "it": "sesso genere?",
        "pt": "sexo gênero?",
        "nl": "geslacht aanhef",
        "pl": "płeć plec",
        "sv": "kön juridiskt_kön",
        "da": "køn",
        "no": "kjønn",
        "tr": "cinsiyet cinsiyeti",
        "ru": "пол? pol! гендер",
        "ar": "الجنس جنس?",
        "zh": "性别 性別 xingbie",
        "ja": "性別 seibetsu",
        "hi": "लिंग",
    },
    "race_or_ethnicity": {
        "en": "race ethnicity ethnic ethnic_group ethnic_origin ethnicity_code eth? ethn racial "
        "hispanic "
        "latino latina latinx caucasian african_american ancestry minority? tribe caste indigenous "
        "aboriginal national_minority racethn rac1p hisp anc1p",
        "de": "ethnie ethnizität ethnische_herkunft ethnische_zugehörigkeit rasse? "
        "migrationshintergrund "
        "abstammung",
        "fr": "ethnie ethnicité origine_ethnique origine_raciale",
        "es": "raza etnia etnicidad origen_étnico",
        "it": "razza etnia origine_etnica",
        "pt": "raça etnia cor_raça raça_cor cor! origem_étnica",
        "nl": "ras? etniciteit etnische_afkomst migratieachtergrond",
        "pl": "rasa? etniczność pochodzenie_etniczne",
        "sv": "etnicitet etnisk_bakgrund etniskt_ursprung",
        "da": "etnicitet etnisk_baggrund",
        "no": "etnisitet etnisk_bakgrunn",
        "tr": "ırk etnik_köken etnisite",
        "ru": "раса rasa? этнос этническая_принадлежность etnos",
        "ar": "العرق عرق?",
        "zh": "种族 種族 民族 minzu zhongzu",
        "ja": "人種 民族",
        "hi": "जाति नस्ल jati",
    },
    "skin_colour": {
        "en": "skin_colour skin_color skin_tone skin_type skintone complexion fitzpatrick "
        "fitzpatrick_type monk_skin_tone",
        "de": "hautfarbe hautton hauttyp",
        "fr": "couleur_de_peau couleur_peau",
        "es": "color_de_piel color_piel",
        "it": "colore_della_pelle colore_pelle",
        "pt": "cor_da_pele cor_pele",
        "nl": "huidskleur huidkleur",
        "pl": "kolor_skóry",
        "sv": "hudfärg",
        "da": "hudfarve",
        "no": "hudfarge",
        "tr": "ten_rengi cilt_rengi",
        "ru": "цвет_кожи tsvet_kozhi",
        "ar": "لون_البشرة",
        "zh": "肤色 膚色",
        "ja": "肌の色 肌色",
        "hi": "त्वचा_का_रंग",
    },
    "age": {
        "en": "age ages age_group age_band age_range agegrp age_years age_at birthdate birthday "
        "birth_date birth_year birth_month date_of_birth year_of_birth month_of_birth dob yob "
        "birth? born? generation? elderly over_65 senior_citizen senior? agep",
        "de": "alter? altersgruppe lebensalter geburtsdatum geburtsjahr geburtstag geb_datum gebdat "
        "gebdatum",
        "fr": "âge tranche_d_âge tranche_âge date_de_naissance date_naissance année_de_naissance "
        "année_naissance datenaiss",
        "es": "edad fecha_de_nacimiento fecha_nacimiento fecha_nac año_de_nacimiento año_nacimiento",
        "it": "età! data_di_nascita data_nascita anno_di_nascita anno_nascita",
        "pt": "idade data_de_nascimento data_nascimento data_nasc ano_de_nascimento ano_nascimento",
        "nl": "leeftijd geboortedatum geboortejaar leeftijdsgroep",
        "pl": "wiek data_urodzenia rok_urodzenia",
        "sv": "ålder födelsedatum födelseår åldersgrupp",
        "da": "alder fødselsdato fødselsår",
        "no": "alder fødselsdato fødselsår",
        "tr": "yaş doğum_tarihi doğum_yılı",
        "ru": "возраст vozrast дата_рождения data_rozhdeniya год_рождения god_rozhdeniya",
        "ar": "العمر عمر تاريخ_الميلاد",
        "zh": "年龄 年齡 出生日期 出生年月 生日 nianling",
        "ja": "年齢 年令 年代? 生年月日 誕生日 nenrei",
        "hi": "आयु उम्र जन्म_तिथि",
    },
    "religion": {
        "en": "religion religious religious_affiliation relig denomination? faith? belief? beliefs "
        "church? church_tax",
        "de": "religion religionszugehörigkeit konfession glaube? kirchensteuer",
        "fr": "religion confession? croyance",
        "es": "religión creencia confesión?",
        "it": "religione confessione?",
        "pt": "religião crença",
        "nl": "religie godsdienst geloof? kerkgenootschap",
        "pl": "religia wyznanie",
        "sv": "religion trossamfund",
        "da": "religion trossamfund",
        "no": "religion trossamfunn livssyn",
        "tr": "din! dini inanç",
        "ru": "религия вероисповедание religiya veroispovedanie",
        "ar": "الدين الديانة ديانة",
        "zh": "宗教 宗教信仰 zongjiao",
        "ja": "宗教 信仰 shukyo",
        "hi": "धर्म dharm",
    },
    "sexual_orientation": {
        "en": "sexual_orientation sexuality sex_life sexual_preference sexual_identity lgbt lgbtq "
        "lgbtqi "
        "gay lesbian bisexual same_sex",
        "de": "sexuelle_orientierung sexualität sexualleben",
        "fr": "orientation_sexuelle sexualité",
        "es": "orientación_sexual sexualidad",
        "it": "orientamento_sessuale sessualità",
        "pt": "orientação_sexual sexualidade",
        "nl": "seksuele_geaardheid seksuele_gerichtheid seksuele_voorkeur",
        "pl": "orientacja_seksualna",
        "sv": "sexuell_läggning",
        "da": "seksuel_orientering",
        "no": "seksuell_orientering seksuell_legning",
        "tr": "cinsel_yönelim",
        "ru": "сексуальная_ориентация seksualnaya_orientatsiya",
        "ar": "الميل_الجنسي",
        "zh": "性取向 性倾向",
        "ja": "性的指向",
        "hi": "यौन_अभिविन्यास",
    },
    "nationality": {
        "en": "nationality nationalities citizenship citizen national? nat? natl? foreigner "
        "foreign_worker foreign_national immigrant immigration immigration_status visa_status "
        "visa_type residence_permit passport? refugee asylum",
        "de": "staatsangehörigkeit staatsbürgerschaft nationalität ausländer aufenthaltstitel "
        "aufenthaltsstatus",
        "fr": "nationalité citoyenneté étranger? titre_de_séjour",
        "es": "nacionalidad ciudadanía extranjero?",
        "it": "nazionalità cittadinanza straniero?",
        "pt": "nacionalidade cidadania estrangeiro?",
        "nl": "nationaliteit staatsburgerschap verblijfsstatus",
        "pl": "narodowość obywatelstwo",
        "sv": "nationalitet medborgarskap",
        "da": "nationalitet statsborgerskab",
        "no": "nasjonalitet statsborgerskap",
        "tr": "uyruk uyruğu milliyet vatandaşlık",
        "ru": "национальность гражданство natsionalnost grazhdanstvo",
        "ar": "الجنسية جنسية",
        "zh": "国籍 國籍 guoji",
        "ja": "国籍 kokuseki",
        "hi": "राष्ट्रीयता नागरिकता",
    },
    "origin": {
        "en": "country country_code country_of_birth birth_country native_country country_of_origin "
        "national_origin birthplace place_of_birth place_birth nativity foreign_born native_born "
        "origin? homeland cob ctry cntry pobp",
        "de": "herkunft herkunftsland geburtsland geburtsort land! staat?",
        "fr": "pays? pays_de_naissance lieu_de_naissance origine?",
        "es": "país país_de_nacimiento lugar_de_nacimiento origen?",
        "it": "paese paese_di_nascita luogo_di_nascita origine? nazione",
        "pt": "país país_de_nascimento local_de_nascimento naturalidade origem?",
        "nl": "land! geboorteland geboorteplaats herkomst",
        "pl": "kraj kraj_urodzenia miejsce_urodzenia pochodzenie",
        "sv": "land! födelseland födelseort ursprung? ursprungsland",
        "da": "land! fødeland fødested oprindelse? oprindelsesland",
        "no": "land! fødeland fødested opprinnelse? opprinnelsesland",
        "tr": "ülke doğum_yeri köken menşe?",
        "ru": "страна strana место_рождения mesto_rozhdeniya происхождение",
        "ar": "البلد بلد الدولة مكان_الميلاد",
        "zh": "国家 國家 籍贯 出生地 原籍 guojia",
        "ja": "国名 出身国 出身地 出生地",
        "hi": "देश जन्म_स्थान desh",
    },
    "language": {
        "en": "language? languages? lang? mother_tongue native_language first_language home_language "
        "primary_language spoken_language language_code locale? english_proficiency esl lep?",
        "de": "sprache? muttersprache sprachkenntnisse erstsprache",
        "fr": "langue? langue_maternelle",
        "es": "idioma? lengua_materna lengua?",
        "it": "lingua? lingua_madre madrelingua",
        "pt": "idioma? língua? língua_materna",
        "nl": "taal? moedertaal thuistaal",
        "pl": "język? język_ojczysty",
        "sv": "språk? modersmål",
        "da": "sprog? modersmål",
        "no": "språk? morsmål",
        "tr": "dil? ana_dil anadil",
        "ru": "язык? родной_язык yazyk?",
        "ar": "اللغة لغة?",
        "zh": "语言 語言 母语 yuyan",
        "ja": "言語 母語 母国語 gengo",
        "hi": "भाषा मातृभाषा bhasha",
    },
    "dialect_or_accent": {
        "en": "dialect accent? aave vernacular",
        "de": "dialekt mundart akzent?",
        "fr": "dialecte accent?",
        "es": "dialecto acento?",
        "it": "dialetto accento?",
        "pt": "dialeto sotaque",
        "nl": "dialect accent? streektaal",
        "pl": "dialekt gwara akcent?",
        "sv": "dialekt brytning?",
        "da": "dialekt",
        "no": "dialekt målføre",
        "tr": "lehçe şive aksan?",
        "ru": "диалект акцент? dialekt",
        "ar": "لهجة اللهجة",
        "zh": "方言 口音 fangyan",
        "ja": "方言 訛り hogen?",
        "hi": "बोली",
    },
    "health_or_disability": {
        "en": "health? medical disability disabilities disabled disab handicap handicapped impairment "
        "diagnosis diagnoses disease diseases illness sickness pregnant pregnancy maternity hiv? "
        "aids? cancer diabetes diabetic depression? mental_health psychiatric anxiety? medication? "
        "medications? prescription? icd? bmi blood_pressure blood_type? cholesterol glucose? "
        "heart_rate? asthma smoker? smoking? chest_pain angina ecg? comorbidity allergy allergies "
        "wheelchair hearing_difficulty vision_difficulty cognitive_difficulty hearing? vision? "
        "difficulty? patient? sick_leave dialysis symptom? symptoms? disability_status "
        "hicov deye? drem? dphy? ddrs?",
        "de": "gesundheit? gesundheitszustand behinderung schwerbehinderung schwerbehindert "
        "behinderungsgrad krankheit erkrankung diagnose schwangerschaft schwanger vorerkrankung",
        "fr": "santé? état_de_santé handicap invalidité maladie grossesse enceinte diagnostic?",
        "es": "salud? discapacidad enfermedad embarazo embarazada diagnóstico",
        "it": "salute? disabilità invalidità malattia gravidanza incinta diagnosi",
        "pt": "saúde? deficiência doença gravidez grávida diagnóstico",
        "nl": "gezondheid? handicap beperking? ziekte zwanger zwangerschap diagnose",
        "pl": "zdrowie? niepełnosprawność choroba ciąża diagnoza",
        "sv": "hälsa? funktionsnedsättning funktionshinder sjukdom graviditet gravid diagnos",
        "da": "helbred? handicap sygdom graviditet gravid diagnose",
        "no": "helse? funksjonsnedsettelse funksjonshemming sykdom graviditet gravid diagnose",
        "tr": "sağlık? engelli engellilik hastalık hamile hamilelik gebelik",
        "ru": "здоровье? инвалидность болезнь заболевание диагноз беременность invalidnost bolezn "
        "diagnoz",
        "ar": "الصحة إعاقة الإعاقة مرض حامل",
        "zh": "健康 残疾 殘疾 疾病 怀孕 诊断 病史",
        "ja": "健康 障害 障がい 病気 妊娠 病歴 診断",
        "hi": "स्वास्थ्य विकलांगता बीमारी गर्भावस्था",
    },
    "genetic_data": {
        "en": "genetic genetics genome genomic genotype dna snp? allele gene? hereditary brca haplotype",
        "de": "genetik genetisch genom genotyp erbgut erbkrankheit",
        "fr": "génétique génome génotype adn",
        "es": "genética genoma genotipo adn",
        "it": "genetica genoma genotipo",
        "pt": "genética genoma genótipo adn",
        "nl": "genetisch genetica genoom genotype",
        "pl": "genetyka genetyczne genom genotyp",
        "sv": "genetik genetisk genom? genotyp arvsmassa",
        "da": "genetik genetisk genom? genotype",
        "no": "genetikk genetisk genom? genotype",
        "tr": "genetik genom genotip",
        "ru": "генетика геном генотип днк genotip",
        "ar": "جيني الوراثة",
        "zh": "基因 遗传",
        "ja": "遺伝 遺伝子 ゲノム",
        "hi": "आनुवंशिक",
    },
    "biometrics": {
        "en": "biometric biometrics fingerprint finger_print faceprint face_image face_embedding face? "
        "facial iris_scan iris_code retina retinal voiceprint voice? gait? palm_print hand_geometry "
        "height? weight? body_height body_weight eye_colour eye_color hair_colour hair_color "
        "selfie? portrait? photo?",
        "de": "biometrie biometrisch fingerabdruck gesicht? gesichtsbild körpergröße körpergewicht "
        "augenfarbe haarfarbe stimme? lichtbild passfoto",
        "fr": "biométrie biométrique empreinte_digitale empreintes_digitales visage? couleur_des_yeux "
        "poids? taille?",
        "es": "biometría biométrico huella_dactilar huella_digital rostro? color_de_ojos estatura",
        "it": "biometria biometrico impronta_digitale impronte_digitali volto? statura colore_occhi",
        "pt": "biometria biométrico impressão_digital rosto? estatura cor_dos_olhos",
        "nl": "biometrie biometrisch vingerafdruk gezicht? lichaamslengte lichaamsgewicht oogkleur",
        "pl": "biometria biometryczne odcisk_palca twarz? wzrost? kolor_oczu",
        "sv": "biometri biometrisk fingeravtryck ansikte? kroppslängd kroppsvikt ögonfärg",
        "da": "biometri biometrisk fingeraftryk ansigt? øjenfarve",
        "no": "biometri biometrisk fingeravtrykk ansikt? øyenfarge",
        "tr": "biyometrik biyometri parmak_izi yüz? göz_rengi boy!",
        "ru": "биометрия биометрические отпечаток_пальца лицо? рост? цвет_глаз biometriya",
        "ar": "بصمة بصمات القياسات_الحيوية",
        "zh": "生物特征 指纹 指紋 人脸 人臉 虹膜 声纹 身高 体重",
        "ja": "生体認証 指紋 顔画像 虹彩 声紋 身長 体重",
        "hi": "बायोमेट्रिक अंगुलिछाप",
    },
}
