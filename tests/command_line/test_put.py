"""Files that people put into the inbox from a terminal."""

import pytest


def test_files_are_put_into_a_folder_of_the_inbox_under_their_own_names(desk):
    desk.write("cards 1.csv", "Number;Balance\nGC1;1,00\n")
    desk.write("cards 2.csv", "Number;Balance\nGC2;2,00\n")
    answer = desk.ask("put", "gift-cards", "cards 1.csv", "cards 2.csv")

    assert answer == {"keys": ["inbox/gift-cards/cards 1.csv", "inbox/gift-cards/cards 2.csv"], "replaced": []}
    assert desk.storage.get("inbox/gift-cards/cards 2.csv") == b"Number;Balance\nGC2;2,00\n"


def test_a_file_that_takes_the_place_of_another_is_said_to(desk):
    desk.write("again.csv", "a")
    desk.ask("put", "drafts", "again.csv")
    desk.write("again.csv", "b")

    ended = desk.type("put", "drafts", "again.csv")
    assert ended.out == "In the inbox:\ninbox/drafts/again.csv (in place of the one before)\n"
    assert desk.storage.get("inbox/drafts/again.csv") == b"b"


@pytest.mark.parametrize(
    ("folder", "name", "says"),
    [
        ("gift-cards", "missing.csv", "missing.csv: there is no such file. Nothing was put into the inbox."),
        ("gift-cards", "what?.csv", "cannot be the name of a file in the inbox"),
        ("gift-crads", "good.csv", "'gift-crads' is not one of 'gift-cards'"),
    ],
)
def test_what_cannot_be_put_there_is_said_and_nothing_is_put(desk, folder, name, says):
    desk.write("good.csv", "a")
    desk.write("what?.csv", "a")
    before = list(desk.storage.list(f"inbox/{folder}/"))
    ended = desk.type("put", folder, "good.csv", name)

    assert (ended.code, says in ended.err) == (2, True), ended
    assert list(desk.storage.list(f"inbox/{folder}/")) == before
