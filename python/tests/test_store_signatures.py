"""Signatures: from Python and by ``duecare store sign``, checked by OpenSSL's own command too."""

import shutil
import subprocess
from pathlib import Path

import pytest

import duecare
import support

EXAMPLES = support.ROOT / "examples"
WHEN = "2026-01-31T09:00:00Z"
OPENSSL = shutil.which("openssl") or ""
needs_openssl = pytest.mark.skipif(not OPENSSL, reason="there is no openssl command")


def openssl(*arguments: str | Path) -> bytes:
    return subprocess.run([OPENSSL, *arguments], capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def run() -> duecare.Result:
    policy = duecare.Policy.load(EXAMPLES / "policy.json")
    return duecare.audit(EXAMPLES / "caseload/cases.jsonl", policy, as_of="2023-03-08", verdicts="all")


@pytest.fixture
def path(tmp_path: Path, run: duecare.Result) -> Path:
    path = tmp_path / "audits.db"
    with duecare.Store(path, create=True) as store:
        store.put_run(run, recorded_at=WHEN)
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    key = tmp_path / "wells.pem"
    openssl("genpkey", "-algorithm", "ed25519", "-out", key)
    openssl("pkey", "-in", key, "-pubout", "-out", tmp_path / "wells.pub.pem")
    return key


@needs_openssl
def test_a_signature_is_one_to_openssl_too(path: Path, key: Path, tmp_path: Path) -> None:
    with duecare.Store(path) as store:
        pem = bytearray(key.read_bytes())
        made = store.sign(pem, run=1, by="DS Wells", at=WHEN)
        assert store.sign(key.read_text(), run=1, by="DS Wells", at=WHEN).record == made.record
        body = store.records("signature")[0]["body"]
    message = f"duecare.signature/1\nrun 1\nlink {body['link']}\nat {body['at']}\nby {body['by']}\n"
    (tmp_path / "message").write_text(message)
    (tmp_path / "signature").write_bytes(bytes.fromhex(body["signature"]))
    said = openssl(
        "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "wells.pub.pem", "-rawin",
        "-in", tmp_path / "message", "-sigfile", tmp_path / "signature",
    )  # fmt: skip
    assert b"Verified Successfully" in said
    der = openssl("pkey", "-pubin", "-in", tmp_path / "wells.pub.pem", "-outform", "DER")
    assert der[-32:].hex() == body["public_key"]
    assert key.read_bytes().split(b"\n")[1] not in path.read_bytes()


@needs_openssl
def test_who_signed_what(path: Path, key: Path) -> None:
    public = key.with_name("wells.pub.pem").read_bytes()
    with duecare.Store(path) as store:
        manifest = '{"format": "duecare.sample-manifest/1"}'
        record = store.put_manifest("M1", manifest, by="b", at=WHEN).record
        signature = store.sign(key.read_bytes(), record=record, by="DS Wells", at=WHEN)
        plain = store.verify()
        assert (plain.ok, plain.signatures, plain.signed, plain.unsigned) == (True, 1, (), ())
        found = store.verify(signature.head, trusted=[public])
        assert found
        assert found.signed[0]["record"] == record
        assert found.unsigned == ({"run": 1, "by_others": 0},)
        required = store.verify(trusted=[public], require_signatures=True)
        assert [fault.kind for fault in required.faults] == ["unsigned"]
        with pytest.raises(duecare.ArgumentError, match="anybody can make a key"):
            store.verify(require_signatures=True)
        with pytest.raises(duecare.ArgumentError, match="64 hex digits"):
            store.verify(trusted=[b"\xff"])
        with pytest.raises(duecare.ArgumentError, match="64 hex digits are expected"):
            store.verify("c0ffee")


@needs_openssl
def test_the_command_signs_and_verifies(path: Path, key: Path) -> None:
    public = key.with_name("wells.pub.pem")
    trust = ["store", "verify", path, "--trust", public, "--require-signatures"]
    done = support.run_cli(trust)
    assert done.returncode == 1
    assert b"No signature of run 1 is by a key that is trusted" in done.stdout
    sign = ["store", "sign", path, "--run", "1", "--key", key, "--by", "DS Wells", "--at", WHEN]
    done = support.run_cli(sign)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(b"record 1\nhead ")
    assert support.run_cli(sign).stderr.startswith(b"record 1 was there before\n")
    done = support.run_cli(trust)
    assert done.returncode == 0, done.stdout
    assert b"1 signature fits\n  run 1 signed by DS Wells at 2026-01-31T09:00:00Z, key " in done.stdout
    other = key.with_name("other.pem")
    openssl("genpkey", "-algorithm", "ed25519", "-out", other)
    openssl("pkey", "-in", other, "-pubout", "-out", public)
    done = support.run_cli(trust)
    assert done.returncode == 1
    assert b"run 1 NOT signed by a trusted key; 1 signature by other keys" in done.stdout


@needs_openssl
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], "This is an RSA key"),
        (["genpkey", "-algorithm", "ed448"], "This is an Ed448 key"),
        (["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "an elliptic curve"),
        (["genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:x"], "is encrypted"),
        (["rand", "-hex", "200"], "No key was found here"),
    ],
)
def test_keys_that_do_not_sign(path: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(openssl(*arguments))
    done = support.run_cli(["store", "sign", path, "--run", "1", "--key", key, "--by", "b", "--at", WHEN])
    assert done.returncode == 1
    assert said in " ".join(done.stderr.decode().split())
    with duecare.Store(path, read_only=True) as store:
        assert len(store.records("signature")) == 0


@needs_openssl
def test_what_is_signed_has_to_be_said(path: Path, key: Path, tmp_path: Path) -> None:
    sign = ["store", "sign", path, "--key", key, "--by", "b"]
    assert b"Say what is signed" in support.run_cli(sign).stderr
    assert b"There is no run 7" in support.run_cli([*sign, "--run", "7"]).stderr
    assert support.run_cli([*sign[:-3], tmp_path / "none.pem", "--by", "b", "--run", "1"]).returncode != 0
    done = support.run_cli(["store", "verify", path, "--require-signatures"])
    assert done.returncode == 1
    assert b"needs --trust" in done.stderr
    done = support.run_cli(["store", "verify", path, "--trust", key])
    assert done.returncode == 1
    assert b"This is a private key" in done.stderr
