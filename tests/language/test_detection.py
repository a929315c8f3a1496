"""Is a text English: a sheet in another language is told from one that merely lists names and numbers."""

import pytest

from indexer.language.detection import is_english_text
from tests.conftest import data

OTHERS = {
    "Spanish": "¿Qué es la fiebre del zinc? Es una enfermedad de los soldadores que dura un día. Los síntomas son la "
    "sed y el cansancio, y el tratamiento depende del médico, que me ha dicho que no es grave.",
    "French": "Qu'est-ce que la fièvre du zinc ? On a soif et on est fatigué, mais elle ne dure qu'un jour. Il faut "
    "consulter un médecin si elle revient, car on a parfois une autre maladie des poumons.",
    "German": "Was ist das Zinkfieber? Man hat Durst und ist so müde, dass man schlafen will. Es war lange nicht "
    "bekannt, was die Ursache ist. In der Regel ist es an einem Tag vorbei, und der Arzt muss nichts tun.",
    "Dutch": "Wat is zinkkoorts? Het is een ziekte van lassers die in een dag over is. De oorzaak was in het begin "
    "niet bekend. Vraag uw arts om raad als u of uw kind over deze klachten in de war bent.",
    "Portuguese": "O que é a febre do zinco? É uma doença dos soldadores que dura um dia. Os sintomas são a sede e o "
    "cansaço, e o tratamento depende do médico, que me disse que não é grave.",
    "Polish": "Co to jest gorączka cynkowa? To choroba spawaczy, która trwa jeden dzień. Chory ma pragnienie i "
    "jest zmęczony, a leczenie zależy od lekarza. To on ma do tego prawo, a nie kto inny.",
    "Vietnamese": "Sốt kẽm là gì? Đây là bệnh của thợ hàn, kéo dài một ngày. Người bệnh khát nước và mệt mỏi, và "
    "cách điều trị tùy vào bác sĩ.",
    "Tagalog": "Ano ang lagnat ng sink? Ito ay isang sakit ng mga manghihinang na tumatagal ng isang araw. Ang "
    "paggamot ay depende sa doktor, at ang may sakit ay uhaw at pagod.",
    "Russian": "Что такое цинковая лихорадка? Это болезнь сварщиков, которая длится один день.",
    "Chinese": "什么是锌热？锌热是焊工的一种疾病，持续一天。病人口渴和疲倦，治疗方法由医生决定。",
    "Arabic": "ما هي حمى الزنك؟ هي مرض يصيب عمال اللحام ويستمر يوما واحدا. يشعر المريض بالعطش والتعب.",
}


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_in_another_language_is_not_english(language: str) -> None:
    assert is_english_text(OTHERS[language]) is False


@pytest.mark.parametrize("text", ["", "Zinc fever, Ohio 44101", "¿Qué es?", "1234 " * 100])
def test_too_short_a_text_gives_no_verdict(text: str) -> None:
    assert is_english_text(text) is None


def test_a_text_that_is_english_but_for_its_names_is_english() -> None:
    names = "Guimarães-Müller syndrome, also known as Bệnh Dvořák or Ménière-Sjögren disease, "
    assert is_english_text(
        names + "is a disease of the joints that was described by doctors in Paris and treated there."
    )


def test_every_sheet_of_medquad_that_is_long_enough_is_english() -> None:
    sheets = [path.read_text(encoding="utf-8") for path in sorted(data("medquad").glob("*/*.xml"))[::50]]
    prose = [" ".join(text.split("<Answer>")[1:]) for text in sheets]
    assert {is_english_text(text) for text in prose if len(text) > 500} == {True}
