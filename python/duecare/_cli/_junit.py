"""Outcomes of policy tests as JUnit XML."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from itertools import groupby
from typing import BinaryIO

from duecare._cli._policy_tests import Outcome

# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def write_junit(outcomes: Sequence[Outcome], stream: BinaryIO) -> None:
    """One suite a file, one case a test."""
    root = ET.Element(
        "testsuites", tests=str(len(outcomes)), failures=str(sum(bool(o.failures) for o in outcomes))
    )
    for file, group in groupby(outcomes, key=lambda outcome: outcome.file):
        of_file = list(group)
        failures = sum(bool(outcome.failures) for outcome in of_file)
        suite = ET.SubElement(
            root, "testsuite", name=xml_text(file), tests=str(len(of_file)), failures=str(failures)
        )
        for outcome in of_file:
            case = ET.SubElement(
                suite, "testcase", classname=xml_text(outcome.group), name=xml_text(outcome.name)
            )
            if outcome.failures:
                failure = ET.SubElement(
                    case, "failure", message=xml_text(outcome.failures[0].splitlines()[0])
                )
                failure.text = xml_text("\n".join(outcome.failures))
    ET.ElementTree(root).write(stream, encoding="utf-8", xml_declaration=True)
