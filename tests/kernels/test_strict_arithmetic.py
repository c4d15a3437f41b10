"""The compiler fuses no multiplication with an addition: the same bits on every processor."""

import numba
import pytest

from sim.kernels._jit import for_types_of
from sim.kernels.portable_math import exponential
from sim.kernels.walk import advance
from sim.model.street import Street
from tests.places import minimal

compiled = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")
FUSED = ("fmadd", "fmsub", "fnmadd", "fnmsub", "fmla", "fmls")  # x86 and ARM, all their forms


def assembly(function, types, **options):
    """Compile afresh with a kernel's options, or others, and return the machine code as text."""
    fresh = numba.njit(nogil=True, error_model="numpy", _nrt=False, **options)(function.py_func)
    fresh.compile(types)
    return fresh.inspect_asm(types)


def is_fused(text):
    return any(name in text.lower() for name in FUSED)


@compiled
def test_the_exponential_is_not_fused():
    assert exponential.targetoptions.get("fastmath", False) is False
    assert not is_fused(assembly(exponential, (numba.float64,)))


@compiled
def test_a_fused_instruction_would_be_seen():
    from llvmlite import binding

    features = binding.get_host_cpu_features()
    if features.get("fma") or features.get("neon"):
        assert is_fused(assembly(exponential, (numba.float64,), fastmath={"contract"}))


@compiled
@pytest.mark.slow
def test_the_whole_walk_is_not_fused():
    street = Street(minimal())
    types = tuple(numba.typeof(each) for each in (0, 0, *street._kernel_state))
    text = assembly(advance, types)
    assert len(text) > 100_000  # the callees' code is in it
    assert not is_fused(text)


@compiled
def test_a_kernel_bound_to_types_gives_the_same():
    bound = for_types_of(exponential, 1.0)
    assert bound(-0.3) == exponential(-0.3)
