"""A policy as people read it: what it asks, of whom, when, by what authority. For any policy."""

from duecare._handbook._model import Handbook, Layer, describe, parameters_of
from duecare._handbook._render import markdown, to_html, to_markdown

__all__ = ["Handbook", "Layer", "describe", "markdown", "parameters_of", "to_html", "to_markdown"]
