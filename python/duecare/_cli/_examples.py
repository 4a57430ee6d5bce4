"""Examples for ``--help``. Tests run each of them."""

EXIT_CODES = (
    "Exit codes: 0 done; 1 error; 2 wrong usage; 3 done, but documents were rejected; "
    "4 findings matched --fail-on (which goes before 3); 130 interrupted."
)

EXAMPLES: dict[str, tuple[str, ...]] = {
    "audit": (
        "duecare audit cases.jsonl staff.jsonl --policy force.json",
        "duecare audit cases.jsonl --policy force.json --verdicts missed,late --format jsonl",
        "duecare audit cases.jsonl --policy force.json --as-of 2023-03-31 --fail-on critical",
    ),
    "explain": ("duecare explain cases.jsonl WILTS-1 victim-statement --policy force.json",),
    "report": (
        "duecare report cases.jsonl staff.jsonl --policy force.json -o report.html",
        "duecare report cases.jsonl --policy force.json --anonymise --key key.bin -o report.html",
    ),
    "case": (
        "duecare case cases.jsonl WILTS-1 --policy force.json",
        "duecare case cases.jsonl WILTS-1 --policy force.json --format svg -o case.svg",
    ),
    "due": (
        "duecare due cases.jsonl --policy force.json --as-of 2023-03-01 --until 2023-03-08",
        "duecare due cases.jsonl --policy force.json --until 2026-01-31 --format jsonl",
    ),
    "replay": (
        "duecare replay cases.jsonl --policy force.json --case WILTS-1",
        "duecare replay cases.jsonl --policy force.json --step day --as-of 2023-03-08",
    ),
    "store put": (
        "duecare store put audits.db cases.jsonl --policy force.json --as-of 2023-03-31 --label March",
        "duecare store put audits.db cases.jsonl --policy force.json --as-of 2023-04-30 --keep evidence",
    ),
    "store runs": ("duecare store runs audits.db",),
    "store show": ("duecare store show audits.db 2 --duty victim-statement --verdicts all --format jsonl",),
    "store diff": ("duecare store diff audits.db 1 2 --kinds new,worse,reopened,resolved",),
    "store trend": ("duecare store trend audits.db --by duty --format csv",),
    "store report": ("duecare store report audits.db -o trend.html",),
    "store compare": (
        "duecare store compare audits.db 1 2 -o compared.html",
        "duecare store compare audits.db 1 2 --recommendations recommendations.csv -o compared.html",
    ),
    "store decide": (
        'duecare store decide audits.db a4ae1d1a49b074b7 accepted --by DI-7 --reason "No arrest"',
    ),
    "store action": (
        'duecare store action audits.db A-1 "Review breaches of bail" --by DCI-2 --due 2023-05-31T12:00:00Z',
        "duecare store action audits.db A-1 --by DCI-2 --status done",
    ),
    "store actions": ("duecare store actions audits.db --at 2023-06-30T12:00:00Z",),
    "store precision": ("duecare store precision audits.db",),
    "store sign": ("duecare store sign audits.db --run 2 --key wells.pem --by 'DS Wells'",),
    "store verify": (
        "duecare store verify audits.db",
        "duecare store verify audits.db --rerun 1 --caseload cases.jsonl",
        "duecare store verify audits.db --trust wells.pub.pem",
    ),
    "store backup": ("duecare store backup audits.db copy.db",),
    "store prune": (
        "duecare store prune audits.db --before 2023-01-01T00:00:00Z --what findings --by R1 --reason age",
    ),
    "sample frame": (
        "duecare sample frame cases.jsonl --stratum case.unit --out frame.tsv --report frame.json",
        "duecare sample frame cases.jsonl --policy force.json --findings missed,late --out failings.tsv",
        "duecare sample frame --csv crimes.csv --id crime --stratum team --out crimes.tsv",
    ),
    "sample plan": (
        "duecare sample plan frame.tsv --tolerable 0.05 --out plan.json",
        "duecare sample plan frame.tsv --tolerable 0.1 --expected 0.01 --title 'Bail, March' --out bail.json",
        "duecare sample plan frame.tsv --margin 0.1 --allocate proportional --out units.json",
    ),
    "sample draw": (
        "duecare sample draw frame.tsv plan.json --commit --out commitment.json",
        "duecare sample draw frame.tsv plan.json --commitment commitment.json "
        "--seed 16180339887498948482 --origin '20 dice' --out manifest.json",
    ),
    "sample extend": (
        "duecare sample extend manifest.json frame.tsv --to 36 --reason 'One deviation' --out extended.json",
    ),
    "sample replace": (
        "duecare sample replace manifest.json frame.tsv GMP-1B --reason 'Duplicate of GMP-1A' "
        "--out replaced.json",
    ),
    "sample verify": (
        "duecare sample verify manifest.json frame.tsv",
        "duecare sample verify manifest.json frame.tsv --plan plan.json --commitment commitment.json",
    ),
    "sample pack": (
        "duecare sample pack manifest.json cases.jsonl --question views --lead Ada -o pack",
        "duecare sample pack Q1 cases.jsonl --store audits.db --question views --lead Ada -o pack-2",
    ),
    "sample import": (
        "duecare sample import manifest.json reviewed --out views.json",
        "duecare sample import manifest.json reviewed --store audits.db --id Q2",
    ),
    "sample review": (
        "duecare sample review manifest.json ada.csv --out reviews.json",
        "duecare sample review manifest.json ada.csv bo.csv --out both.json",
    ),
    "sample estimate": (
        "duecare sample estimate manifest.json frame.tsv reviews.json",
        "duecare sample estimate manifest.json frame.tsv reviews.json --domain teams.csv --json by-team.json",
        "duecare sample estimate manifest.json frame.tsv reviews.json --machine findings.jsonl",
    ),
    "map inspect": (
        "duecare map inspect export.csv --delimiter ';'",
        "duecare map inspect export.csv --mapping mapping.yaml --policy force.json",
        "duecare map inspect records.db --query 'SELECT * FROM events' --json",
    ),
    "schema": ("duecare schema case",),
    "version": ("duecare version",),
    "generate": (
        "duecare generate --cases 100 --seed 1 --profile wiltshire-2022 --out made.jsonl --truth truth.jsonl",
    ),
    "vocabulary": ("duecare vocabulary",),
    "policy check": ("duecare policy check force.json",),
    "policy test": ("duecare policy test force.json", "duecare policy test force.json --coverage"),
    "policy show": ("duecare policy show force.json",),
    "policy diff": ("duecare policy diff force.json new.json --caseload cases.jsonl",),
}


def epilog(command: str) -> str:
    """What stands under the help of a command; each paragraph becomes a line."""
    examples = EXAMPLES.get(command, ())
    said = ["Examples:" if len(examples) > 1 else "Example:", *examples] if examples else []
    return "\n\n".join([*said, EXIT_CODES])
