"""LETTA_PG_URI: every spelling people have, strict about TLS, silent about the password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.letta.uri import BadUri, WeakTls, letta_database, system_certificates


def entry(uri: str | None, *, weak: bool = False) -> dict:
    return letta_database(uri, allow_weak_tls=weak)


@pytest.mark.parametrize(
    "scheme",
    [
        "postgresql",
        "postgres",
        "postgresql+asyncpg",
        "postgresql+pg8000",
        "postgresql+psycopg2",
        "POSTGRES",
    ],
)
def test_every_scheme_of_letta_is_read(scheme: str) -> None:
    found = entry(f"{scheme}://ada:secret@db.example.com:5433/letta")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("letta", "ada", "secret")
    assert (found["HOST"], found["PORT"]) == ("db.example.com", "5433")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("p%40ss", "p@ss"),
        ("p@ss", "p@ss"),
        ("p/s#s", "p/s#s"),
        ("p:a:s", "p:a:s"),
        ("100%", "100%"),
        ("a%zzb", "a%zzb"),
        ("p?x=1", "p?x=1"),
        ("@@/", "@@/"),
        ("%E4", "%E4"),
        ("pässword", "pässword"),
        ("", ""),
    ],
)
def test_special_characters_in_a_password(written: str, meant: str) -> None:
    found = entry(f"postgresql://ada:{written}@localhost/letta")
    assert (found["PASSWORD"], found["HOST"], found["NAME"]) == (meant, "localhost", "letta")


@given(password=st.text(alphabet="ab1@/#:?&=%!$ é"))
def test_an_encoded_password_always_arrives(password: str) -> None:
    from urllib.parse import quote

    found = entry(
        f"postgresql://ada:{quote(password, safe='')}@db.example.com/letta?sslmode=verify-full"
    )
    assert (found["PASSWORD"], found["HOST"]) == (password, "db.example.com")


def test_a_libpq_string_is_read() -> None:
    found = entry("host=db.example.com port=5432 dbname=letta user=ada password='a b'")
    assert (found["HOST"], found["NAME"], found["PASSWORD"]) == ("db.example.com", "letta", "a b")
    assert found["OPTIONS"]["sslmode"] == "verify-full"


def test_several_hosts_keep_their_ports() -> None:
    found = entry("postgresql://ada@one.example,two.example:5433/letta?target_session_attrs=any")
    assert (found["HOST"], found["PORT"]) == ("one.example,two.example", ",5433")
    assert found["OPTIONS"]["target_session_attrs"] == "any"


@pytest.mark.parametrize(
    "uri",
    [
        "postgresql://ada@/letta?host=/run/postgresql",
        "postgresql://ada@/letta?host=%2Frun%2Fpostgresql",
        "postgresql://ada@%2Frun%2Fpostgresql/letta",
        "host=/run/postgresql dbname=letta",
    ],
)
def test_a_socket_needs_no_tls(uri: str) -> None:
    found = entry(uri)
    assert found["HOST"] == "/run/postgresql"
    assert "sslmode" not in found["OPTIONS"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "[::1]:5432"])
def test_loopback_needs_no_tls(host: str) -> None:
    assert "sslmode" not in entry(f"postgresql://ada@{host}/letta")["OPTIONS"]


@pytest.mark.parametrize(
    "host", ["db.example.com", "10.0.0.1", "localhost,db.example.com", "127.0.0.1.nip.io"]
)
def test_other_hosts_are_verified(host: str) -> None:
    options = entry(f"postgresql://ada@{host}/letta")["OPTIONS"]
    assert options["sslmode"] == "verify-full"
    assert options["sslrootcert"] == system_certificates()


def test_an_address_behind_a_loopback_name_is_no_loopback() -> None:
    assert (
        entry("postgresql://ada@localhost/letta?hostaddr=10.0.0.1")["OPTIONS"]["sslmode"]
        == "verify-full"
    )


def test_an_own_authority_stays() -> None:
    found = entry(
        "postgresql://ada@db.example.com/letta?sslmode=verify-full&sslrootcert=/etc/rds.pem"
    )
    assert found["OPTIONS"]["sslrootcert"] == "/etc/rds.pem"


@pytest.mark.parametrize(
    "word", ["sslmode=require", "ssl=require", "ssl=true", "sslmode=disable", "sslmode=verify-ca"]
)
def test_weak_tls_is_refused_with_what_to_write_instead(word: str) -> None:
    with pytest.raises(WeakTls, match=r"verify-full.*INSPECTOR_LETTA_ALLOW_WEAK_TLS") as refused:
        entry(f"postgresql://ada:hunter2@db.example.com/letta?{word}")
    assert "hunter2" not in str(refused.value)


def test_allowed_weak_tls_is_remembered_for_the_banner() -> None:
    found = entry("postgresql+asyncpg://ada@db.example.com/letta?ssl=require", weak=True)
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["INSPECTOR"]["weak_tls"] is True


def test_allowing_weak_tls_weakens_nothing_by_itself() -> None:
    found = entry("postgresql://ada@db.example.com/letta", weak=True)
    assert found["OPTIONS"]["sslmode"] == "verify-full"
    assert found["INSPECTOR"]["weak_tls"] is False


def test_unknown_words_are_left_out_and_told() -> None:
    found = entry(
        "postgresql://ada@localhost/letta?options=-csearch_path%3Dx&prepared_statement_cache_size=0"
    )
    assert found["OPTIONS"] == {}
    assert len(found["INSPECTOR"]["notes"]) == 2


@pytest.mark.parametrize("uri", [None, "", "  "])
def test_without_a_uri_nothing_is_configured(uri: str | None) -> None:
    assert entry(uri)["INSPECTOR"]["configured"] is False


@pytest.mark.parametrize(
    "uri",
    ["mysql://ada:hunter2@h/letta", "postgresql://ada:hunter2@a b c/letta", "hunter2",
     "postgresql://a:hunter2@h/l?sslmode=perhaps", "host=h passwort=hunter2 dbname=x"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_without_the_password(uri: str) -> None:
    with pytest.raises(BadUri) as refused:
        entry(uri)
    assert "hunter2" not in str(refused.value)


WRITER = "postgresql+asyncpg://ada:secret@db.cluster-abc.eu-west-1.rds.amazonaws.com:5433/letta?sslrootcert=/rds.pem"
READER = "db.cluster-ro-abc.eu-west-1.rds.amazonaws.com"


def test_a_reader_endpoint_takes_the_place_of_the_writer_and_borrows_the_rest() -> None:
    found = letta_database(WRITER, allow_weak_tls=False, read_uri=f"postgresql://{READER}")
    assert (found["HOST"], found["PORT"]) == (READER, "5433")
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("ada", "secret", "letta")
    assert found["OPTIONS"]["sslrootcert"] == "/rds.pem"
    assert found["OPTIONS"]["sslmode"] == "verify-full"


def test_a_reader_endpoint_may_say_everything_itself() -> None:
    other = f"postgresql://bob:other@{READER}:5432/letta2"
    for writer in (WRITER, "", None):
        found = letta_database(writer, allow_weak_tls=False, read_uri=other)
        assert (found["HOST"], found["PORT"], found["NAME"]) == (READER, "5432", "letta2")
        assert (found["USER"], found["PASSWORD"]) == ("bob", "other")
        assert found["INSPECTOR"]["configured"]


@pytest.mark.parametrize("wrong", ["reader-endpoint", "postgresql:///letta", "mysql://x@y/z"])
def test_a_reader_endpoint_that_cannot_be_read_is_told_by_its_name(wrong: str) -> None:
    with pytest.raises(BadUri, match="LETTA_PG_READ_URI"):
        letta_database(WRITER, allow_weak_tls=False, read_uri=wrong)


def test_with_iam_no_password_is_kept() -> None:
    found = letta_database(WRITER, allow_weak_tls=False, iam_auth=True)
    assert found["PASSWORD"] == ""
    assert found["INSPECTOR"]["iam_auth"]
    assert found["OPTIONS"]["sslmode"] == "verify-full"


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
def test_a_token_is_never_sent_in_the_clear(mode: str) -> None:
    with pytest.raises(WeakTls, match="INSPECTOR_LETTA_IAM_AUTH"):
        letta_database(f"{WRITER}&sslmode={mode}", allow_weak_tls=True, iam_auth=True)


@pytest.mark.parametrize(
    "uri", ["postgresql://ada@a.example,b.example/letta", "postgresql://a.example/letta"]
)
def test_a_token_needs_one_host_and_one_user(uri: str) -> None:
    with pytest.raises(BadUri, match="INSPECTOR_LETTA_IAM_AUTH needs"):
        letta_database(uri, allow_weak_tls=False, iam_auth=True)


def test_with_iam_and_nothing_configured_the_console_still_starts() -> None:
    assert not letta_database("", allow_weak_tls=False, iam_auth=True)["INSPECTOR"]["configured"]
