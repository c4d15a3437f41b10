"""What a scenario believes: the evidence register, under the scenario's presets and overrides.

Entries that differ between presets are asked for by a generic name: ``error_model.fmr_060`` is
``error_model.met-street.fmr_060`` in a scenario that chose that error model.

State: none; ``Beliefs`` is frozen and copied with ``replaced``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sim.evidence.register import Entry, entry, register
from sim.scenario.schema import Assumptions, Override, Scenario

PRESET_FAMILIES = ("error_model", "demographics")
_PRESET_STARTS = tuple(f"{family}." for family in PRESET_FAMILIES)


@dataclass(frozen=True, slots=True)
class Beliefs:
    """The register as one scenario sees it.

    error_model, demographic_preset : names of the presets in force
    overridden                      : entries that the scenario replaced, by their full name
    """

    error_model: str
    demographic_preset: str
    overridden: Mapping[str, Entry]

    def full_name(self, name: str) -> str:
        """Return the register's name for a generic one."""
        if not name.startswith(_PRESET_STARTS):
            return name
        family, _, rest = name.partition(".")
        if family == "error_model" and "." not in rest:
            return f"{family}.{self.error_model}.{rest}"
        if family == "demographics" and "." not in rest:
            return f"{family}.{self.demographic_preset}.{rest}"
        return name

    def entry(self, name: str) -> Entry:
        """Return the entry in force, with its range, grade and source."""
        full = self.full_name(name)
        return self.overridden.get(full) or entry(full)

    def value(self, name: str) -> float:
        """Return the value in force."""
        return self.entry(name).value

    def replaced(self, values: Mapping[str, float]) -> "Beliefs":
        """Return a copy with other values for some names, their ranges kept."""
        changed = {
            self.full_name(name): replace(self.entry(name), value=value)
            for name, value in values.items()
        }
        return replace(self, overridden=MappingProxyType({**self.overridden, **changed}))

    def with_error_model(self, error_model: str) -> "Beliefs":
        """Return a copy that rests on another error model."""
        return replace(self, error_model=error_model)

    def names(self) -> tuple[str, ...]:
        """Return the names in force: general entries, and those of the chosen presets."""
        chosen = {"error_model": self.error_model, "demographics": self.demographic_preset}
        return tuple(
            name
            for name in register()
            if name.split(".")[0] not in PRESET_FAMILIES
            or name.split(".")[1] == chosen[name.split(".")[0]]
        )


def beliefs(scenario: Scenario) -> Beliefs:
    """Return what ``scenario`` believes."""
    return beliefs_of(scenario.assumptions)


def beliefs_of(assumptions: Assumptions) -> Beliefs:
    """Return the register under the presets and overrides of ``assumptions``."""
    bare = Beliefs(assumptions.error_model, assumptions.demographic_preset, MappingProxyType({}))
    overridden = {
        bare.full_name(name): _overridden(bare.entry(name), override)
        for name, override in assumptions.values.items()
    }
    return replace(bare, overridden=MappingProxyType(overridden))


def _overridden(original: Entry, override: Override) -> Entry:
    low = original.low if override.low is None else override.low
    high = original.high if override.high is None else override.high
    return replace(
        original,
        value=override.value,
        low=min(low, override.value),
        high=max(high, override.value),
        source=f"this scenario: {override.why} (register: {original.value:g}, {original.source})",
    )
