"""Language tags (BCP 47, RFC 5646): what counts as one, how to mend a mistyped one, and the direction of writing.

Sources: ISO 639-1, ISO 15924; language aliases and likely subtags of CLDR 46. The tables stand here, not in a library,
so that an approved text does not become unreadable with another version of it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final, Literal
from unicodedata import bidirectional

from gongshi.common.lazy_pattern import lazy_pattern

RIGHT_TO_LEFT: Final = frozenset(("R", "AL"))
"""Classes of letters that are written from right to left, in Unicode Standard Annex 9."""
_TAG = lazy_pattern(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)",
    re.IGNORECASE | re.ASCII,
)
PATTERN: Final = "^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*$"
"""The form of a tag, as a regular expression of JSON Schema; `canonical_tag` knows more."""

_LANGUAGES: Final = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja
    jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq
    sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905
)
"""The languages with a code of two letters; of longer codes, any may be used that no code of two letters replaces."""
_LONGER: Final = """
    aa:aar ab:abk ae:ave af:afr ak:aka,fat am:amh an:arg ar:ara,arb as:asm av:ava ay:aym,ayr az:aze,azj ba:bak
    be:bel bg:bul bi:bis bm:bam bn:ben bo:bod,tib br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre,cwd cs:ces,cze
    cu:chu cv:chv cy:cym,wel da:dan de:deu,ger dv:div dz:adp,dzo ee:ewe el:ell,gre en:eng eo:epo es:spa et:ekk,est
    eu:baq,eus fa:fas,per,pes ff:fuc,ful fi:fin fj:fij fo:fao fr:fra,fre fy:fry ga:gle gd:gla gl:glg gn:grn,gug
    gu:guj,prp gv:glv ha:hau he:heb hi:hin ho:hmo hr:hrv,scr ht:hat hu:hun hy:arm,hye hz:her ia:ina id:ind ie:ile
    ig:ibo ii:iii ik:esk,ipk io:ido is:ice,isl it:ita iu:ike,iku ja:jpn jv:jav ka:geo,kat kg:kng,kon ki:kik kj:kua
    kk:kaz kl:kal km:khm kn:kan ko:kor kr:kau,knc ks:kas ku:kmr,kur kv:kom,kpv kw:cor ky:kir la:lat lb:ltz lg:lug
    li:lim ln:lin lo:lao lt:lit lu:lub lv:lav,lvs mg:mlg,plt mh:mah mi:mao,mri mk:mac,mkd ml:mal mn:drh,khk,mon
    mr:mar ms:may,msa,zsm mt:mlt my:bur,mya na:nau nb:nob nd:nde ne:nep,npi ng:ndo nl:dut,nld nn:nno no:nor nr:nbl
    nv:nav ny:nya oc:oci oj:ojg,oji om:gaz,orm or:ori,ory os:oss pa:pan pi:pli pl:pol ps:pbu,pus pt:por qu:que,quz
    rm:roh rn:run ro:mol,ron,rum ru:rus rw:kin sa:cls,san sc:src,srd sd:snd se:sme sg:sag si:sin sk:slk,slo sl:slv
    sm:smo sn:sna so:som sq:alb,als,sqi sr:scc,srp ss:ssw st:sot su:sun sv:swe sw:swa,swh ta:tam te:tel tg:tgk
    th:tha ti:tir tk:tuk tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi ty:tah ug:uig uk:ukr ur:urd uz:uzb,uzn ve:ven
    vi:vie vo:vol wa:wln wo:wol xh:xho yi:ydd,yid yo:yor za:zha,zyb zh:chi,cmn,zho zu:zul
    """
"""Codes of three letters after the code of two letters that is used instead."""
_SCRIPTS: Final = frozenset(
    """
    Adlm Arab Aran Armn Bali Beng Bopo Brai Bugi Cakm Cans Cher Copt Cyrl Deva Ethi Geor Grek Gujr Guru Hang Hani
    Hans Hant Hebr Hira Hmng Hmnp Hrkt Java Jpan Kana Khmr Knda Kore Lana Laoo Latn Lisu Mand Mlym Mong Mtei Mymr
    Nkoo Nshu Olck Orya Phag Plrd Rohg Samr Sinh Soyo Sund Syrc Tale Talu Taml Tang Tavt Telu Tfng Thaa Thai Tibt
    Tirh Vaii Yiii Zanb
    """.split()  # noqa: SIM905
)
_RTL_SCRIPTS: Final = frozenset("Adlm Arab Aran Hebr Mand Nkoo Rohg Samr Syrc Thaa".split())  # noqa: SIM905
_RTL_LANGUAGES: Final = frozenset(
    """
    aao abh abv acm acq acw acx adf aeb aec aee aeq afb aib aii aij aiq amw apc apd ar arq ars ary arz ask atn auj
    auz avd avl ayh ayl ayn ayp azb bal bdz bej bft bgn bgp bhe bhm bhn bjf bjm bqi brh brk bsh bsk chg cja ckb clh
    czk dcc def deh dgl dmk dml dv esh fa fay faz fia fub gbz ggg gha ghr gig gjk gju glh glk gwc gwf gwt gzi hac
    haz hbo he hkh hnd hno hoh hrt hrz hss huy isk itk jad jat jbe jbn jdg jnd jog jpa jpr jrb jye kbu kby kcy kfm
    khw klj kmz kqd ks ktl kvx kxp lad lah lhs lki lrc lrk lrl lsa lsd lss luv luz mby mde mfa mfi mhj mid mki mnj
    mve mvy myz mzn nli nlm nqo ntz nyq oar odk oru ota pbt phl phr phv plk prc prd prx ps psh psi pst qxq rdb rhg
    rmt sam sbn scl sd sdb sdf sdg sdh sds sgr sgy shd shm shu shv siy siz skr smp smy sqo sqt srh srz ssh sts swb
    syc syn syr tjo tks tmr tov tra trg trm trw ug ur ush uzs vaf vgr vmh wbk wlo wne wni wsv xhe xka xkc xkj xkp
    xvi ydg yhd yi yih yud zba zdj zrp zum
    """.split()  # noqa: SIM905
)
"""Languages whose usual script is written from right to left."""
_RTL_REGIONS: Final = frozenset(
    "az-IQ az-IR ha-CM ha-SD kk-AF kk-CN kk-IR kk-MN ku-LB ky-CN ms-CC pa-PK tg-PK uz-AF".split()  # noqa: SIM905
)
"""Languages that are written from right to left in these regions."""
_LTR_REGIONS: Final = frozenset("sd-IN ug-KZ ug-MN".split())  # noqa: SIM905
_NAMES: Final = {
    tag: names.split()
    for tag, names in (
        ("ar", "arabic 阿拉伯语 阿拉伯文 العربية"),
        ("bo", "tibetan 藏语 藏文 བོད་ཡིག བོད་སྐད"),
        ("cs", "cz czech"),
        ("da", "dk danish"),
        ("de", "german 德语 德文 deutsch"),
        ("en", "english 英语 英文 us"),
        ("en-GB", "en-uk"),
        ("es", "spanish 西班牙语 西班牙文"),
        ("fa", "persian farsi 波斯语 波斯文"),
        ("fr", "french 法语 法文"),
        ("he", "iw hebrew 希伯来语"),
        ("id", "in indonesian 印尼语 印度尼西亚语"),
        ("ii", "nuosu 彝语 彝文"),
        ("ja", "jp japanese 日语 日文 日本語"),
        ("jv", "jw"),
        ("kk-Arab", "kazakh 哈萨克语 哈萨克文 哈语 哈文"),
        ("ko", "korean 朝鲜语 朝鲜文 朝文 朝语 韩语 韩文 한국어 조선어"),
        ("ky-Arab", "kyrgyz kirghiz 柯尔克孜语 柯尔克孜文 柯语 柯文"),
        ("mn-Mong", "mongolian 蒙古语 蒙古文 蒙语 蒙文 mn-mongolian mn-mongol"),
        ("ro", "mo romanian"),
        ("ru", "russian 俄语 俄文"),
        ("ug", "uy uyghur uighur uygur 维吾尔语 维吾尔文 维语 维文 ئۇيغۇرچە"),
        ("vi", "vn vietnamese 越南语 越南文 京语"),
        ("yi", "ji yiddish"),
        ("yue", "zh-yue cantonese 粤语"),
        ("za", "zhuang 壮语 壮文"),
        ("zh", "cn chinese 中文 汉语 汉文 普通话 国语"),
        ("zh-Hans", "简体 简体中文 zh-chs"),
        ("zh-Hant", "繁体 繁體 繁体中文 繁體中文 zh-cht"),
    )
}
"""Names and outdated or mistaken codes that people write, in lower case, by the tag that is meant."""
_JOINERS = lazy_pattern("[_ \u2010-\u2015\u2212\uff0d\uff3f]+")


def canonical_tag(text: str) -> str | None:
    """Return a language tag in its usual notation, such as `zh-Hant` for `zh-hant`; None if it is no known one.

    Known is a language with its script, region and variants. Codes of three letters count, unless one of two letters
    replaces them; extensions and private codes do not.

    Args:
        text: the tag as it is written.
    """
    found = _TAG.fullmatch(text)
    if not found:
        return None
    language, script = found["language"].lower(), (found["script"] or "").title()
    if script and script not in _SCRIPTS:
        return None
    if len(language) == 2 and language not in _LANGUAGES:
        return None
    if len(language) == 3 and ("qaa" <= language <= "qtz" or language in _replaced()):
        return None
    region = (found["region"] or "").upper()
    if region == "UK" or any(part.isalpha() and part not in _VARIANTS for part in _variants(found)):
        return None
    return "-".join(part for part in (language, script, region, *_variants(found)) if part)


_VARIANTS = frozenset("fonipa fonupa jyutping monoton pinyin polyton tarask tongyong valencia wadegile".split())  # noqa: SIM905
"""The variants without a digit that may follow; other words are mistakes, such as `mn-Mongolian`."""


def _variants(found: re.Match[str]) -> list[str]:
    return found["variants"].lower().split("-")[1:]


@cache
def _replaced() -> dict[str, str]:
    pairs = (pair.split(":") for pair in _LONGER.split())
    return {code: short for short, longer in pairs for code in longer.split(",")}


def is_well_formed(text: str) -> bool:
    """Tell whether an attribute `lang` has the form of a language tag, or is empty, as for no known language.

    Args:
        text: the value of the attribute.
    """
    return not text or _FORM.fullmatch(text) is not None


_FORM = lazy_pattern("[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.IGNORECASE | re.ASCII)


def meant_tag(text: str) -> str | None:
    """Return the language tag that was probably meant, such as `ug-CN` for `ug_CN` or `en` for `english`; or None.

    Args:
        text: a text that is no language tag.
    """
    joined = _JOINERS.sub("-", text.strip().lower())
    for tag, names in _NAMES.items():
        if joined in names:
            return tag
    language, dash, rest = joined.partition("-")
    short = next((tag for tag, names in _NAMES.items() if language in names), _replaced().get(language, language))
    return canonical_tag(short + dash + rest) or canonical_tag(short)


@lru_cache(256)
def direction(tag: str) -> Literal["ltr", "rtl"]:
    """Return the direction in which a language is written; Mongolian script counts as left to right.

    Args:
        tag: a language tag as `canonical_tag` returns it.
    """
    language, *others = tag.split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), None)
    region = next((f"{language}-{part}" for part in others if len(part) == 2), "")
    if script:
        is_rtl = script in _RTL_SCRIPTS
    else:
        is_rtl = region in _RTL_REGIONS or (language in _RTL_LANGUAGES and region not in _LTR_REGIONS)
    return "rtl" if is_rtl else "ltr"


def has_right_to_left_letters(text: str) -> bool:
    """Tell whether a text has a letter of a script that is written from right to left.

    Args:
        text: any text.
    """
    return not text.isascii() and any(bidirectional(character) in RIGHT_TO_LEFT for character in text)


def is_right_to_left(tag: str | None) -> bool:
    """Tell whether a language is written from right to left; False without a language.

    Args:
        tag: a language tag as `canonical_tag` returns it, or None.
    """
    return tag is not None and direction(tag) == "rtl"
