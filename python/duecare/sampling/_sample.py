"""Plans, draws and manifests."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

from duecare import _core
from duecare._errors import ArgumentError
from duecare.sampling._frame import Frame

PLAN = "duecare.sample-plan/1"
MANIFEST = "duecare.sample-manifest/1"
COMMITMENT = "duecare.sample-commitment/1"


def ticket(seed: str, id: str) -> str:  # noqa: A002
    """SHA-256 of ``seed,id`` as 64 hex digits: ``printf '%s' 'seed,id' | sha256sum``."""
    return _core.tickets(seed, [id]).hex()


def tickets(seed: str, ids: Sequence[str]) -> bytes:
    """The tickets of many ids, 32 bytes each."""
    return _core.tickets(seed, list(ids))


@final
@dataclass(frozen=True, slots=True)
class Plan:
    """How many units are drawn from where, by which design (``duecare.sample-plan/1``).

    ``text`` is the document as it stands, since its digest is of its bytes. ``Plan.make(design="srs", n=60,
    decision_rule="...")`` writes one.
    """

    text: str

    @classmethod
    def make(cls, **keys: Any) -> "Plan":
        return cls(json.dumps({"format": PLAN, **keys}, ensure_ascii=False, indent=1) + "\n")

    @property
    def document(self) -> dict[str, Any]:
        try:
            document = json.loads(self.text)
        except ValueError as error:
            raise ArgumentError(f"The plan is no JSON: {error}") from None
        if not isinstance(document, dict) or document.get("format") != PLAN:
            raise ArgumentError(f'The format of a plan has to be "{PLAN}".', pointer="/format")
        return document

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hex: ``sha256sum plan.json``."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class DrawnUnit:
    """A unit that was drawn."""

    id: str
    stratum: str
    rank: int
    """1-based, in the order of the draw."""
    ticket: str
    pi: float
    """Inclusion probability."""
    certainty: bool
    stage: int
    """0: the first draw; k: the k-th extension."""
    in_scope: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that a manifest states and its draw does not give, or the other way round."""

    pointer: str
    message: str
    stated: Any
    derived: Any

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.message}"


@final
class Manifest:
    """What was drawn, and everything to derive it again (``duecare.sample-manifest/1``)."""

    __slots__ = ("_document", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            document = json.loads(text)
        except ValueError as error:
            raise ArgumentError(f"The manifest is no JSON: {error}", source="manifest") from None
        if not isinstance(document, dict) or document.get("format") != MANIFEST:
            raise ArgumentError(f'The format has to be "{MANIFEST}".', pointer="/format", source="manifest")
        self._document = document

    @property
    def document(self) -> dict[str, Any]:
        return self._document

    @property
    def plan(self) -> Plan:
        return Plan(self._document["plan"]["text"])

    @property
    def design(self) -> str:
        return str(self._document["design"])

    @property
    def units(self) -> list[DrawnUnit]:
        """All units drawn, those out of scope included."""
        return [
            DrawnUnit(
                unit["id"],
                unit["stratum"],
                unit["rank"],
                unit["ticket"],
                unit["pi"],
                unit["certainty"],
                unit["stage"],
                "out_of_scope" not in unit,
            )
            for unit in self._document["selected"]
        ]

    def __repr__(self) -> str:
        return f"<duecare.sampling.Manifest, {self.design}, {len(self._document['selected'])} units>"


@final
class Sample:
    """What a plan and a seed draw from a frame."""

    __slots__ = ("_native", "frame")

    def __init__(self, native: _core.Sample, frame: Frame) -> None:
        self._native = native
        self.frame = frame

    @property
    def units(self) -> list[DrawnUnit]:
        """By stratum, then by rank; those out of scope included."""
        return [DrawnUnit(*fields) for fields in self._native.units()]

    @property
    def ids(self) -> list[str]:
        """Of the units in scope."""
        return [unit.id for unit in self.units if unit.in_scope]

    @property
    def next_ids(self) -> list[str | None]:
        """The first unit of each group that was not drawn, where the design has an order."""
        return self._native.next_ids()

    def extend(self, to: int | Mapping[str, Any], reason: str) -> None:
        """Takes the next units of the same order, up to ``to`` in all (or by stratum)."""
        key = "n_h" if isinstance(to, Mapping) else "n"
        self._native.extend(json.dumps({key: to}), reason)

    def replace(self, id: str, reason: str) -> None:  # noqa: A002
        """Notes that a unit is out of scope; the next in order takes its place.

        A file that is missing is not out of scope: it is a deviation, or no response.
        """
        self._native.replace(id, reason)

    @property
    def manifest(self) -> Manifest:
        return Manifest(self._native.manifest())

    def __repr__(self) -> str:
        return f"<duecare.sampling.Sample, {len(self.ids)} of {len(self.frame)} units>"


def draw(frame: Frame, plan: Plan | Mapping[str, Any], seed: str, origin: str = "") -> Sample:
    """Draws. ``seed`` is best of 20 or more digits of public dice; ``origin`` says where it came from."""
    text = plan.text if isinstance(plan, Plan) else Plan.make(**plan).text
    return Sample(_core.Sample.draw(frame._native, text, seed, origin), frame)


def derive(manifest: Manifest, frame: Frame) -> Sample:
    """Draws again what a manifest tells of, by its plan, seed and history alone."""
    return Sample(_core.Sample.derive(frame._native, manifest.text), frame)


def verify(manifest: Manifest, frame: Frame) -> list[Difference]:
    """What a manifest states and the draw does not give, or the other way round; at most 200."""
    found = json.loads(_core.Sample.verify(frame._native, manifest.text))
    return [Difference(d["pointer"], d["message"], d["stated"], d["derived"]) for d in found]


def commitment(frame: Frame, plan: Plan) -> str:
    """What is published before the seed is known (``duecare.sample-commitment/1``)."""
    document = {
        "format": COMMITMENT,
        "frame": {
            "digest": frame.digest,
            "order_digest": frame.order_digest,
            "count": len(frame),
            "strata": frame.strata,
        },
        "plan": {"digest": plan.digest, "seed_rule": plan.document.get("seed_rule")},
        "software": f"duecare {_core.version()}",
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def check_commitment(text: str, frame: Frame, plan: Plan) -> list[str]:
    """What of a commitment does not hold of the frame and the plan that are drawn with."""
    try:
        document = json.loads(text)
        stated_frame, stated_plan = document["frame"], document["plan"]["digest"]
        stated = stated_frame["digest"], stated_frame["order_digest"]
    except (ValueError, KeyError, TypeError):
        raise ArgumentError("This is no commitment.", source="commitment") from None
    problems = []
    if stated[0] != frame.digest:
        problems.append(f"the frame committed to has the digest {stated[0]}, this one {frame.digest}")
    elif stated[1] != frame.order_digest:
        problems.append("the units of the frame stand in another order than was committed to")
    if stated_plan != plan.digest:
        problems.append(f"the plan committed to has the digest {stated_plan}, this one {plan.digest}")
    return problems
