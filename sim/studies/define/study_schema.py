"""What a study file may hold, as frozen, strict sections.

State: none.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, WithJsonSchema, model_validator

from sim.answer.outcomes import ALL_OUTCOMES
from sim.scenario.schema import Section


class Range(Section):
    """A lever between two numbers."""

    low: float
    high: float
    steps: Annotated[int, Field(ge=2, le=10_000)] | None = Field(
        default=None, description="how many values a full factorial takes, both ends included"
    )
    scale: Literal["linear", "log"] = Field(
        default="linear", description="log: equal steps are equal factors; low must be above 0"
    )

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if self.low >= self.high:
            raise ValueError(
                f"the range is empty: low ({self.low:g}) must be less than high ({self.high:g})"
            )
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"low ({self.low:g}) must be more than 0 on a log scale")
        return self


class Options(Section):
    """A lever with named alternatives, for anything that is not one number."""

    options: dict[str, Any] = Field(
        min_length=1,
        description="name: what the field then holds; {from: SCENARIO}: as that has it",
    )


def _shape(given: Any) -> str:
    """Return which kind of lever was written, for pydantic to check it as that."""
    if given is None:
        return "open"
    if isinstance(given, (list, tuple)):
        return "values"
    is_options = isinstance(given, Options) or (isinstance(given, dict) and "options" in given)
    return "options" if is_options else "range"


_SCALAR = {"type": ["boolean", "integer", "number", "string"]}
Values = Annotated[
    tuple[Annotated[Any, WithJsonSchema(_SCALAR)], ...],
    Field(min_length=1, description="the values that the field takes"),
]
LeverGiven = Annotated[
    Annotated[Values, Tag("values")]
    | Annotated[Options, Tag("options")]
    | Annotated[Range, Tag("range")]
    | Annotated[None, Tag("open")],
    Discriminator(_shape),
]


class FullFactorial(Section):
    """Every value of every lever with every other, under what the uncertainties may be."""

    kind: Literal["full-factorial"]
    draws: Annotated[int, Field(ge=2)] | None = Field(
        default=None,
        description="joint Latin hypercube draws of the uncertainties, the same under every "
        "choice; none: low, value and high of each, with every other",
    )


class LatinHypercube(Section):
    """Points of which each slice of each lever or uncertainty holds one."""

    kind: Literal["latin-hypercube"]
    points: Annotated[int, Field(ge=2)]


class Sobol(Section):
    """Saltelli's scheme on a scrambled Sobol' sequence, for Sobol indices."""

    kind: Literal["sobol"]
    points: Annotated[int, Field(ge=2)] = Field(
        description="base points; the design has (k + 2) times as many for k levers and "
        "uncertainties, (2 k + 2) with second_order"
    )
    second_order: bool = Field(default=False, description="also how two act together")

    @property
    def base_points(self) -> int:
        """Base points that the design has: the next power of two, which the sequence needs."""
        return 1 << (self.points - 1).bit_length()


class Morris(Section):
    """Morris's trajectories: one lever or uncertainty moved at a time, for screening."""

    kind: Literal["morris"]
    trajectories: Annotated[int, Field(ge=2)]
    levels: Annotated[int, Field(ge=2, le=100, multiple_of=2)] = 4


class Table(Section):
    """The rows of a table, a column a lever or uncertainty."""

    kind: Literal["table"]
    file: Annotated[str, Field(min_length=1)] = Field(
        description="CSV or Parquet, relative to the study file"
    )


Design = Annotated[
    FullFactorial | LatinHypercube | Sobol | Morris | Table, Field(discriminator="kind")
]


class Study(Section):
    """One study: what varies around a base scenario, and how it is sampled."""

    schema_version: Literal[1]
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,60}$")]
    title: Annotated[str, Field(min_length=3, max_length=120)]
    purpose: str = Field(min_length=3, description="what the study is for, in a sentence or two")
    base: Annotated[str, Field(min_length=1)] = Field(
        description="a scenario file, relative to the study; or the name of a shipped one"
    )
    settings: dict[str, Any] = Field(
        default_factory=dict, description="fields of the base that differ, as --set has them"
    )
    levers: dict[str, LeverGiven] = Field(
        default_factory=dict,
        description="fields of the scenario: a list of values, a range, or named options",
    )
    uncertainties: tuple[str, ...] = Field(
        default=(), description="entries of the evidence register, or patterns with *"
    )
    design: Design
    replications: Annotated[int, Field(ge=1, le=100_000)] = 1
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(
        default=1, description="of the draws and of the first replication; not given: the base's"
    )
    same_people: bool = Field(
        default=True, description="a replication has the same people at every point"
    )
    outcomes: Annotated[tuple[str, ...], Field(min_length=1)] | None = Field(
        default=None, description="columns of the result; none: all but those of single groups"
    )


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema of a study file."""
    schema = Study.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for kind in schema["properties"]["outcomes"]["anyOf"]:
        if kind.get("type") == "array":
            kind["items"] = {"enum": list(ALL_OUTCOMES)}
    return schema
