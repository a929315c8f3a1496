"""Bytes -> text: what an encoding is said to be, what is refused, and that no text is changed in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import PageError
from indexer.readers.decoding import decode

ENGLISH = (
    "What is frost itch?\n\nFrost itch is a harmless condition of the skin – it comes with the first cold of the year. "
    "“Most people who have it don’t see a doctor,” says a nurse. Nobody at Café Müller had it for more than 3½ days.\n"
)
RUSSIAN = (
    "Что такое зуд? Это безвредное состояние кожи, которое приходит с первым холодом. Лечение не нужно, "
    "но при сильной боли надо идти к врачу, который назначит мазь и покой."
)
OTHERS = {
    "windows-1251": RUSSIAN,
    "KOI8-R": RUSSIAN,
    "Shift_JIS": "しもやけとは何ですか。しもやけは、寒さで手や足の指が赤くなり、かゆくなる症状です。"
    "治療は温めることと、医師が処方する薬を使うことです。痛みが強いときは、すぐに病院へ行ってください。",
    "GB18030": "什么是冻疮？冻疮是寒冷引起的皮肤疾病，手和脚会发红发痒。"
    "治疗方法是保暖，并且使用医生开的药物。如果疼痛严重，请去医院。",
    "Big5": "什麼是凍瘡？凍瘡是寒冷引起的皮膚疾病，手和腳會發紅發癢。"
    "治療方法是保暖，並且使用醫生開的藥物。如果疼痛嚴重，請去醫院。",
    "EUC-KR": "동창이란 무엇인가요? 동창은 추위 때문에 손과 발이 붉어지고 가려운 병입니다. "
    "치료는 몸을 따뜻하게 하고 의사가 처방하는 약을 쓰는 것입니다. 통증이 심하면 병원에 가십시오.",
    "windows-1250": "Co to jest odmrożenie? Odmrożenie to choroba skóry, która pojawia się z pierwszym mrozem. "
    "Leczenie zwykle nie jest potrzebne, ale przy silnym bólu należy iść do lekarza, który przepisze maść.",
}


def refusal(data: bytes) -> str:
    with pytest.raises(PageError) as caught:
        decode(data, "page.txt")
    return caught.value.reason


@given(st.text(min_size=1).filter(lambda text: text.isprintable() and text.strip()))
def test_utf_8_and_marked_utf_16_are_read_as_they_are_without_a_word(text: str) -> None:
    plain, warnings = decode(text.encode(), "page.txt")
    marked = [decode(text.encode(codec), "page.txt")[0] for codec in ("utf-8-sig", "utf-16", "utf-32")]
    assert marked == [plain] * 3
    assert all("saved" in warning.text or "once read" in warning.text for warning in warnings)


def test_superscript_digits_are_markers_and_stay_what_they_are() -> None:
    assert decode("tea¹²³⁴⁻⁹ ²⁾ µg".encode(), "page.txt") == ("tea¹²³⁴⁻⁹ ²⁾ µg", ())


@pytest.mark.parametrize(("name", "text"), OTHERS.items())
def test_a_page_in_an_encoding_that_nothing_declares_is_read_and_it_is_said(name: str, text: str) -> None:
    decoded, (warning,) = decode(text.encode(name), "page.txt")
    assert decoded == text
    assert warning.text.endswith(f", and nothing is declared; read as {name}")


@pytest.mark.parametrize("name", ["windows-1252", "windows-1250"])
def test_english_with_the_quotation_marks_of_windows_is_read(name: str) -> None:
    text = ENGLISH if name == "windows-1252" else ENGLISH.replace("½", "")
    decoded, (warning,) = decode(text.encode(name), "page.txt")
    assert decoded == text  # the two agree on all of these letters
    assert str(warning) == "line 3: not UTF-8 (byte 0x96), and nothing is declared; read as windows-1252"


def test_capitals_of_other_languages_are_no_mixture() -> None:
    text = ENGLISH + "The clinic of SÃO PAULO and the ÉCOLE in Orléans.\n"
    assert decode(text.encode("windows-1252"), "page.txt")[0] == text


def test_the_euro_tells_latin_9_from_latin_1() -> None:
    text = ENGLISH.translate(dict(zip(map(ord, "–“”’½"), '-""\'€', strict=True)))
    decoded, (warning,) = decode(text.encode("iso-8859-15"), "page.txt")
    assert decoded == text
    assert warning.text.endswith("read as ISO-8859-15")


def test_english_markup_round_another_script_does_not_hide_it() -> None:
    for name, text in OTHERS.items():
        data = f"<html><body class='the text of the page'><p>{text}</p><p>{text}</p></body></html>".encode(name)
        assert text in decode(data, "page.html")[0]


@pytest.mark.parametrize("declaration", [
    '<meta charset="{}">', "<META CHARSET={}>", '<meta name="robots"><meta content="text/html; charset={}">',
    '<?xml version="1.0" encoding="{}"?>', "<!-- saved -->\n<html><head><title>a</title><meta charset='{}'>",
])  # fmt: skip
@pytest.mark.parametrize("name", [*OTHERS, "ISO-2022-JP"])
def test_a_right_declaration_is_followed_without_a_word(declaration: str, name: str) -> None:
    text = declaration.format(name) + OTHERS["Shift_JIS" if name == "ISO-2022-JP" else name]
    assert decode(text.encode(name), "page.html") == (text, ())


def test_latin_1_means_what_browsers_take_it_for() -> None:
    text = "<meta charset=iso-8859-1>" + ENGLISH
    assert decode(text.encode("windows-1252"), "page.html") == (text, ())


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        (f"<meta charset=windows-1252>{ENGLISH}".encode(), "declared as windows-1252, but it is UTF-8"),
        (f"<meta charset=martian>{ENGLISH}".encode(), "declared as martian, but it is UTF-8"),
        (f"<meta charset=utf-8>{ENGLISH}".encode("cp1252"), "declared as utf-8, which it is not; read as windows-1252"),
        (
            ("<meta charset=latin1>" + OTHERS["Shift_JIS"]).encode("cp932"),
            "declared as latin1, which it is not; read as Shift_JIS",
        ),
        (("<meta charset=latin1>" + OTHERS["KOI8-R"]).encode("koi8-r"), "which it is not; read as KOI8-R"),
        (ENGLISH.encode("utf-16-le"), "nothing is declared; read as UTF-16-LE"),
        ((OTHERS["GB18030"] + "\n").encode("utf-16-be"), "nothing is declared; read as UTF-16-BE"),
        (OTHERS["Shift_JIS"].encode("iso-2022-jp"), "nothing is declared; read as ISO-2022-JP"),
    ],
)
def test_a_declaration_that_the_bytes_contradict_or_none_at_all_is_said(data: bytes, warning: str) -> None:
    text, warnings = decode(data, "page.html")
    assert [warning in str(said) for said in warnings] == [True]
    assert any(original in text for original in (ENGLISH, *OTHERS.values()))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \r\n\t", "the file is empty"),
        (b"\xff\xfe", "the file is empty"),
        (b"What is it?\n\0\1\2\n", "a binary file"),
        (b"%PDF-1.7\nWhat is it?", "a binary file"),
        (b"\xff\xd8\xff\xe0JFIF", "a binary file"),
        (b"{\\rtf1 What is it?}", "a binary file"),
        (b"one\r\ntwo\r\nthree \xff\r\n", "line 3: not UTF-8: byte 0xff; its encoding is unknown"),
        (b"What is caf\xe9?\n\nA drink.\n", "line 1: not UTF-8: byte 0xe9; its encoding is unknown"),
        (b"\xef\xbb\xbfno\n\xff", "line 2: not UTF-8: byte 0xff"),
        (b"\xff\xfeW\0h\0a\0t\0\n", "line 1: not UTF-16-LE: byte 0x0a"),
        # A mixture, of which half would be broken.
        (f"{ENGLISH}Guimarães\n".encode() + b"caf\xe9", "line 5: not UTF-8: byte 0xe9"),
        (ENGLISH.replace("½", "").encode("mac-roman"), "line 3: not UTF-8: byte 0xd0"),
        (ENGLISH.encode().partition(b"\xa9")[0], "line 3: not UTF-8: byte 0xc3"),  # cut inside a letter
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused_by_its_line_and_byte(data: bytes, reason: str) -> None:
    assert refusal(data).startswith(reason)


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("What is it?\n\nA caf\ufffd of \ufffd.", "line 3: 2 characters were lost before the file was saved"),
        ("What is it?\n\nA cafÃ©.", "line 3: 'Ã©' looks like UTF-8 that was once read as another encoding"),
        ("It doesnâ€™t hurt.", "line 1: 'â€' looks like UTF-8 that was once read as another encoding"),
    ],
)
def test_text_that_was_broken_before_is_shown_as_it_is_and_said(text: str, warning: str) -> None:
    decoded, (said,) = decode(text.encode(), "page.txt")
    assert (decoded, str(said)) == (text, warning)
