"""Countries, languages and choices: words out of known lists."""

import polars as pl
import pytest
from babel import Locale

from tasks.core.checking.choices import GENDERS, YES_NO, read_choices
from tasks.core.checking.countries import NAMED_IN, read_countries
from tasks.core.checking.languages import read_languages
from tasks.core.checking.word_lists import MOST_HINTED, fold
from tests.readers import assert_reads


def test_a_country_is_read_from_its_codes_and_its_names() -> None:
    assert_reads(
        read_countries,
        """
        cell             | value | code | detail
        -----------------+-------+------+-------
        SE               | SE    | null | null
        se               | SE    | null | null
        SWE              | SE    | null | null
        Sweden           | SE    | null | null
        Suède            | SE    | null | null
        SUEDE            | SE    | null | null
        Zweden           | SE    | null | null
        Sverige          | SE    | null | null
        België           | BE    | null | null
        Belgique         | BE    | null | null
        Österrike        | AT    | null | null
        Cote d’Ivoire    | CI    | null | null
        Deutschland      | DE    | null | null
        Holland          | NL    | null | null
        The Netherlands  | NL    | null | null
        UK               | GB    | null | null
        England          | GB    | null | null
        USA              | US    | null | null
        U.S.A.           | US    | null | null
        Kosovo           | XK    | null | null
                         |       | null | null
        """,
    )


def test_an_unknown_country_is_told_the_nearest_name() -> None:
    assert_reads(
        read_countries,
        """
        cell        | value | code       | detail
        ------------+-------+------------+----------------------------
        Swedn       | null  | CUST_ENUM  | did you mean Sweden, SE?
        Belgiqe     | null  | CUST_ENUM  | did you mean Belgium, BE?
        Atlantis    | null  | CUST_ENUM  | write two letters, like SE
        XX          | null  | CUST_ENUM  | write two letters, like SE
        EU          | null  | CUST_ENUM  | write two letters, like SE
        World       | null  | CUST_ENUM  | write two letters, like SE
        150         | null  | CUST_ENUM  | write two letters, like SE
        ?           | null  | CUST_ENUM  | write two letters, like SE
        n/a         | null  | CUST_ENUM  | write two letters, like SE
        #N/A        | null  | CELL_ERROR | ""
        """,
    )


@pytest.mark.parametrize("language", NAMED_IN)
def test_every_name_of_a_country_is_read_as_its_code(language) -> None:
    territories = [code for code in Locale("en").territories if code.isalpha()]
    countries = read_countries(pl.Series(territories)).values.drop_nulls()
    assert countries.len() == 250, "249 of ISO 3166-1, and Kosovo"
    names = [Locale(language).territories[code] for code in countries]
    assert read_countries(pl.Series(names)).values.to_list() == countries.to_list()


def test_a_column_of_other_things_is_told_so_without_searching_for_each() -> None:
    details = read_countries(pl.Series([f"Swedn {at}" for at in range(1000)])).rejects["detail"]
    assert (details != "").sum() == MOST_HINTED


def test_a_language_is_read_from_its_codes_and_its_names() -> None:
    assert_reads(
        read_languages,
        """
        cell       | value | code      | detail
        -----------+-------+-----------+----------------------------
        sv         | sv    | null      | null
        SV         | sv    | null      | null
        en-GB      | en    | null      | null
        en_GB      | en    | null      | null
        zh-Hant-TW | zh    | null      | null
        es-419     | es    | null      | null
        swe        | sv    | null      | null
        Swedish    | sv    | null      | null
        suédois    | sv    | null      | null
        Zweeds     | sv    | null      | null
        Svenska    | sv    | null      | null
        Français   | fr    | null      | null
        Francais   | fr    | null      | null
        Nederlands | nl    | null      | null
        Deutsch    | de    | null      | null
        suomi      | fi    | null      | null
        Ελληνικά   | el    | null      | null
                   |       | null      | null
        xx         | null  | CUST_ENUM | write two letters, like sv
        Klingon!   | null  | CUST_ENUM | write two letters, like sv
        en-        | en    | null      | null
        """,
    )


def test_confirmed_is_read_in_the_languages_of_the_shops() -> None:
    assert_reads(
        lambda cells: read_choices(cells, YES_NO),
        """
        cell   | value | code      | detail
        -------+-------+-----------+----------------
        Yes    | Yes   | null      | null
        YES    | Yes   | null      | null
        Oui    | Yes   | null      | null
        ja     | Yes   | null      | null
        1      | Yes   | null      | null
        TRUE   | Yes   | null      | null
        No     | No    | null      | null
        non    | No    | null      | null
        nee    | No    | null      | null
        Nej    | No    | null      | null
        FALSE  | No    | null      | null
               |       | null      | null
        maybe  | null  | CUST_ENUM | one of: Yes, No
        """,
    )


def test_a_gender_is_read_from_words_and_letters_and_tixlys_numbers_stay() -> None:
    assert_reads(
        lambda cells: read_choices(cells, GENDERS),
        """
        cell       | value  | code      | detail
        -----------+--------+-----------+-------------------------------------
        male       | male   | null      | null
        Man        | male   | null      | null
        homme      | male   | null      | null
        H          | male   | null      | null
        M          | male   | null      | null
        F          | female | null      | null
        Féminin    | female | null      | null
        vrouw      | female | null      | null
        Kvinna     | female | null      | null
        K          | female | null      | null
        X          | other  | null      | null
        icke-binär | other  | null      | null
        0          | 0      | null      | null
        2          | 2      | null      | null
                   |        | null      | null
        3          | null   | CUST_ENUM | one of: male, female, other, 0, 1, 2
        """,
    )


def test_folding_leaves_letters_and_digits_alone() -> None:
    assert [fold(text) for text in ("États-Unis", "U.S.A.", "STRASSE", "straße", " ", "日本")] == [
        "etatsunis",
        "usa",
        "strasse",
        "strasse",
        "",
        "日本",
    ]
