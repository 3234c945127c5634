"""Kinds of anomaly, and of normal behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional


@dataclass(frozen=True)
class Kind:
    """A group of units that show the same behaviour.

    `state` is "normal", "marked" (an operator said that it is harmless), "candidate" or "anomaly"; `aliases` are the ids of kinds
    merged into it. `size` counts units, `distinct` different ones, `share` is the part of all units. `evidence` are the events that set the kind
    apart, `samples` sequences of it, both as the library's JSON has them; `document` is all of that JSON.
    """

    id: str
    name: Optional[str]
    state: str
    normal: bool
    marked: bool
    candidate: bool
    aliases: List[str]
    notes: List[str]
    size: int
    distinct: int
    share: float
    silhouette: float
    reading: str
    evidence: List[Dict[str, Any]] = field(repr=False)
    samples: List[Dict[str, Any]] = field(repr=False)
    document: Dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_document(cls, document: Dict[str, Any]) -> Kind:
        """The kind that an object of the library's JSON describes."""
        return cls(
            id=document["id"],
            name=document.get("name"),
            state=document.get("state") or "",
            normal=bool(document.get("normal")),
            marked=bool(document.get("marked")),
            candidate=bool(document.get("candidate")),
            aliases=list(document.get("aliases") or []),
            notes=list(document.get("notes") or []),
            size=int(document.get("size") or 0),
            distinct=int(document.get("distinct") or 0),
            share=float(document.get("share") or 0),
            silhouette=float(document.get("silhouette") or 0),
            reading=document.get("reading") or "",
            evidence=list(document.get("evidence") or []),
            samples=list(document.get("samples") or []),
            document=document,
        )
