"""The negative binomial distribution of counts that vary more than Poisson.

State: none.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


def negative_binomial_log(seen: Floats, mean: Floats, dispersion: float) -> Floats:
    """Return log probabilities of counts with variance mean + dispersion * mean**2."""
    shape = 1 / dispersion
    return np.asarray(
        special.gammaln(seen + shape)
        - special.gammaln(shape)
        - special.gammaln(seen + 1)
        - shape * np.log1p(dispersion * mean)
        - seen * np.log1p(1 / (dispersion * mean))
    )


def negative_binomial_draws(mean: Floats, dispersion: float, rng: np.random.Generator) -> Floats:
    """Return one count for each mean, as floats."""
    return rng.poisson(mean * rng.gamma(1 / dispersion, dispersion, mean.shape)).astype(np.float64)
