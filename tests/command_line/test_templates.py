"""Blank files to be filled in, from a terminal."""


def test_a_template_of_gift_cards_is_filled_in_and_imported(desk):
    answer = desk.ask("template", "gift-cards", "--as", "csv")
    assert answer["path"] == "gift-cards-template.csv"
    assert [column["heading"] for column in answer["columns"]] == ["Number", "Balance"]

    blank = (desk.folder / "gift-cards-template.csv").read_text(encoding="utf-8-sig")
    desk.write("filled.csv", f"{blank}GC7,12.50\n")
    assert desk.ask("run", "gift-cards", "filled.csv")["changes"]["created"] == 1


def test_a_template_is_written_where_it_is_wanted_and_says_what_belongs_in_each_column(desk):
    ended = desk.type("template", "customers", "--dialect", "tixly", "--to", "people.xlsx")
    assert (desk.folder / "people.xlsx").read_bytes().startswith(b"PK")
    assert ended.out.startswith(
        "people.xlsx is blank; fill in rows below its headings:\n  CustomerID: the number of the card; 0 makes a new"
    )


def test_a_file_that_is_there_already_is_not_made_blank_again(desk):
    desk.write("cards.csv", "Number,Balance\nGC8,1.00\n")
    ended = desk.type("template", "gift-cards", "--as", "csv", "--to", "cards.csv")
    assert (ended.code, ended.err) == (
        2,
        "cards.csv is there already, and stays as it is. Name another file, with --to.\n",
    )
    assert (desk.folder / "cards.csv").read_text() == "Number,Balance\nGC8,1.00\n"


def test_a_dialect_of_another_domain_is_refused_with_those_it_has(desk):
    ended = desk.type("template", "stock", "--dialect", "tixly")
    assert ended.code == 2
    assert "Files of stock are written as stock_list." in ended.err
