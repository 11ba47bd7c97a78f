"""What came where data were expected is said in words, with whoever can put it right."""

import pytest

from infra.http.web_pages import what_came


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<!DOCTYPE html><html><head><title>Maintenance &amp; more</title>", 'a web page ("Maintenance & more")'),
        (b"\n<!-- x --><HTML><body>Just a moment", "a web page instead of data"),
        (b"<html><title>ada@example.test</title>", "a web page instead of data"),
        (
            b"<br />\n<b>Notice</b>: Undefined index in /srv/x.php on line 3<br />\n[]",
            "messages of PHP before its data",
        ),
        (b"PHP Warning:  bad\n[]", "messages of PHP before its data"),
        (b"[{", "something else than data"),
        (b"", "something else than data"),
    ],
)
def test_what_came_is_named(content: bytes, says: str):
    assert what_came(content).startswith(says)


def test_nothing_but_the_title_of_a_page_is_told():
    assert "secret" not in what_came(b"<html><title>Shop</title><body>secret")
    assert "srv" not in what_came(b"<b>Warning</b>: secret in /srv/shop.php")
