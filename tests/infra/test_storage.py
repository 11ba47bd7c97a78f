"""The S3 store, against a real one."""

import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.settings import Settings
from infra.stack.ports import free_port
from infra.storage import ObjectInfo, Storage, connect_storage, content_sha256
from schemas.problems import FileNeedsFixing, Refused, Unavailable
from tasks.core.reading.inbox_keys import safe_key
from tests.parts import settings_for


def test_what_is_stored_comes_back(s3: Storage) -> None:
    s3.put_once("runs/1/räjects.csv", "åäö €".encode())

    assert s3.get("runs/1/räjects.csv") == "åäö €".encode()


def test_storing_the_same_content_again_is_no_news(s3: Storage) -> None:
    s3.put_once("once/same", b"one")
    first = s3.head("once/same")
    s3.put_once("once/same", b"one")

    assert s3.head("once/same") == first


def test_other_content_under_the_same_key_is_refused_and_the_first_stays(s3: Storage) -> None:
    s3.put_once("once/other", b"one")

    with pytest.raises(Refused, match=r"^once/other is written already, with other content"):
        s3.put_once("once/other", b"two")
    assert s3.get("once/other") == b"one"


def test_an_object_that_somebody_else_wrote_is_not_taken_for_ours(s3: Storage) -> None:
    s3.client.put_object(Bucket=s3.bucket, Key="once/foreign", Body=b"one")

    with pytest.raises(Refused):
        s3.put_once("once/foreign", b"one")


def test_of_many_writers_at_once_one_wins_and_the_rest_learn_it(s3: Storage) -> None:
    def write(number: int) -> str:
        try:
            s3.put_once("once/race", str(number).encode())
        except Refused:
            return "refused"
        return str(number)

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(write, range(8)))

    winner = s3.get("once/race").decode()
    assert sorted(said) == sorted([winner] + ["refused"] * 7)


def test_a_view_may_be_replaced(s3: Storage) -> None:
    s3.put("latest.json", b"1")
    s3.put("latest.json", b"2")

    assert s3.get("latest.json") == b"2"


@pytest.mark.thorough
def test_a_large_artifact_goes_up_in_parts_and_once(s3: Storage) -> None:
    large = bytes(range(256)) * (70 * 2**12)
    s3.put_once("large", large)
    s3.put_once("large", large)

    assert content_sha256(s3.get("large")) == content_sha256(large)
    said = s3.client.head_object(Bucket=s3.bucket, Key="large", ChecksumMode="ENABLED")
    assert said["ChecksumSHA256"].endswith("-5")  # of the five parts: each was checked on arrival
    with pytest.raises(Refused, match="with other content"):
        s3.put_once("large", large[1:])


def test_an_object_changed_behind_our_back_is_noticed(s3: Storage) -> None:
    honest = content_sha256(b"12.50")
    s3.client.put_object(Bucket=s3.bucket, Key="tampered", Body=b"99.50", Metadata={"sha256": honest})

    with pytest.raises(Refused, match="is not what was stored"):
        s3.get("tampered")


def test_an_object_that_says_of_itself_what_it_is_not_asked_to_be_is_noticed(s3: Storage) -> None:
    s3.put("exchanged", b"99.50")

    assert s3.get("exchanged") == b"99.50"
    with pytest.raises(Refused, match="is not what was stored"):
        s3.get("exchanged", content_sha256(b"12.50"))


def test_an_absent_object_has_no_head_and_its_name_is_in_the_problem(s3: Storage) -> None:
    assert s3.head("inbox/never.csv") is None
    with pytest.raises(FileNeedsFixing, match=r"There is no file inbox/never\.csv in the bucket counterfoil"):
        s3.get("inbox/never.csv")


def test_head_tells_size_and_version(s3: Storage) -> None:
    s3.put("head/a", b"12345")
    listed = next(iter(s3.list("head/")))

    assert s3.head("head/a") == ObjectInfo(
        key="head/a", etag=listed.etag, size_bytes=5, last_modified_at=listed.last_modified_at.replace(microsecond=0)
    )


@pytest.mark.thorough
def test_a_list_of_more_than_one_page_is_complete_and_in_order(s3: Storage) -> None:
    keys = [f"paged/{number:04}" for number in range(1100)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: s3.put(key, b""), keys))

    assert [found.key for found in s3.list("paged/")] == keys


def test_a_folder_is_not_a_file(s3: Storage) -> None:
    s3.put("folder/", b"")
    s3.put("folder/a.csv", b"a")

    assert [found.key for found in s3.list("folder/")] == ["folder/a.csv"]


def test_a_link_downloads_under_the_given_name(s3: Storage) -> None:
    s3.put("linked", b"balance")

    with urllib.request.urlopen(s3.link("linked", 1, 'Kört "1".csv')) as answer:
        shown = answer.headers["Content-Disposition"]
        assert answer.read() == b"balance"
    assert shown == "attachment; filename=\"K_rt _1_.csv\"; filename*=UTF-8''K%C3%B6rt%20%221%22.csv"


def test_a_link_to_a_page_opens_it_in_the_browser(s3: Storage) -> None:
    s3.put("page", b"<p>12.00</p>")

    with urllib.request.urlopen(s3.link("page", 168, "report.html")) as answer:
        shown = (answer.headers["Content-Type"], answer.headers["Content-Disposition"].partition(";")[0])
    assert shown == ("text/html; charset=utf-8", "inline")


def test_a_link_with_another_key_is_worth_nothing(s3: Storage) -> None:
    s3.put("linked", b"balance")
    s3.put("secret", b"balance")

    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(s3.link("linked", 1, "a.csv").replace("/linked?", "/secret?"))


def test_the_store_keeps_its_promise_to_write_once(s3: Storage) -> None:
    s3.check_write_once()

    assert list(s3.list("self-test/")) == []


def test_a_wrong_secret_names_the_settings_and_not_the_secret(s3_settings: Settings) -> None:
    wrong = connect_storage(settings_for(s3_settings.home, s3_settings.s3_endpoint_url, secret="not-the-secret"))

    with pytest.raises(Refused, match="Correct COUNTERFOIL_S3_ACCESS_KEY_ID") as raised:
        wrong.put("a", b"")
    assert "not-the-secret" not in str(raised.value)
    with pytest.raises(Refused, match="Correct COUNTERFOIL_S3_ACCESS_KEY_ID"):
        wrong.head("a")


def test_a_missing_bucket_comes_with_the_way_to_make_it(s3_settings: Settings) -> None:
    store = connect_storage(settings_for(s3_settings.home, s3_settings.s3_endpoint_url, bucket="nosuch"))

    for use in (lambda: store.put_once("a", b""), lambda: store.get("a"), lambda: list(store.list(""))):
        with pytest.raises(Refused, match=r"no bucket nosuch\. .* s3 mb s3://nosuch$"):
            use()


def test_a_store_that_is_down_is_unavailable(s3_settings: Settings) -> None:
    endpoint = f"http://127.0.0.1:{free_port(set())}"

    with pytest.raises(Unavailable, match=f"The S3 store at {endpoint} did not answer"):
        connect_storage(settings_for(s3_settings.home, endpoint)).head("a")


def test_an_endpoint_that_is_no_url_is_refused_by_its_setting(s3_settings: Settings) -> None:
    with pytest.raises(Refused, match="COUNTERFOIL_S3_ENDPOINT_URL is not a URL"):
        connect_storage(settings_for(s3_settings.home, "localhost"))


def test_keys_do_not_show_when_a_store_is_printed(s3_settings: Settings, s3: Storage) -> None:
    assert s3_settings.s3_secret_access_key.get_secret_value() not in repr(s3) + str(s3_settings)


@pytest.mark.parametrize(
    "key",
    [
        "inbox/gift cards (final) v2.csv",
        "inbox/Lagerbestånd 50% & mer, 2026.xlsx",
        "inbox/gåva=1/kort+1.csv",
        "inbox/カード.csv",
        "inbox/..hidden..csv",
        "inbox/" + "a" * 255,
        "/".join(["a" * 179] * 5),
    ],
)
def test_a_name_that_people_use_is_taken_as_it_is(key: str) -> None:
    assert safe_key(key) == key


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "inbox/../runs/1/plan.json",
        "../x",
        "inbox/..",
        "inbox/./x",
        "inbox//x",
        "inbox/",
        "inbox\\x.csv",
        "inbox/a\nb.csv",
        "inbox/a\x00.csv",
        "inbox/\u202egnp.csv",
        "inbox/\ud800.csv",
        "inbox/a*.csv",
        "inbox/" + "a" * 256,
        "inbox/" + "å" * 128,
        "/".join(["a" * 180] * 5),
    ],
)
def test_a_name_that_leads_elsewhere_is_turned_away(key: str) -> None:
    with pytest.raises(FileNeedsFixing, match="cannot be the name of a file in the inbox"):
        safe_key(key)


@given(st.text(max_size=300))
def test_a_safe_key_stays_in_its_folder_and_on_one_line(text: str) -> None:
    try:
        key = safe_key(text)
    except FileNeedsFixing as problem:
        assert str(problem).isprintable()
    else:
        assert key.isprintable()
        assert not {"", ".", ".."} & set(key.split("/"))


def test_what_lies_in_the_store_is_copied_without_travelling_and_comes_back(s3: Storage) -> None:
    s3.put("inbox/å b+c.csv", b"Number,Balance\n")

    s3.copy_once("runs/1/source.csv", _found(s3, "inbox/å b+c.csv"), content_sha256(b"Number,Balance\n"))

    assert s3.get("runs/1/source.csv") == b"Number,Balance\n"


def test_a_copy_made_twice_is_no_news_but_other_content_is_refused(s3: Storage) -> None:
    for name in ("one", "two"):
        s3.put(f"inbox/{name}", name.encode())
    for _ in range(2):
        s3.copy_once("copies/same", _found(s3, "inbox/one"), content_sha256(b"one"))

    with pytest.raises(Refused, match=r"^copies/same is written already, with other content"):
        s3.copy_once("copies/same", _found(s3, "inbox/two"), content_sha256(b"two"))
    assert s3.get("copies/same") == b"one"


def test_a_file_that_was_replaced_while_it_was_read_is_not_copied(s3: Storage) -> None:
    s3.put("inbox/moving", b"as it was read")
    found = _found(s3, "inbox/moving")
    s3.put("inbox/moving", b"as it is now")

    with pytest.raises(Unavailable):
        s3.copy_once("copies/moving", found, content_sha256(b"as it was read"))
    assert s3.head("copies/moving") is None


def _found(store: Storage, key: str) -> ObjectInfo:
    found = store.head(key)
    assert found is not None
    return found
