"""How many people does a comparison need before it begins?

Two shares, a two-sided test, by the normal approximation without continuity correction.
J. L. Fleiss, B. Levin, M. C. Paik, "Statistical Methods for Rates and Proportions", 3rd edition
(2003), section 4.2; the same as `power.prop.test` of R.
"""

from math import ceil, sqrt
from statistics import NormalDist

from outreach.errors import Invalid


def per_arm(usual: float, hoped: float, *, alpha: float = 0.05, power: float = 0.8) -> int:
    """So many people in each of two equal arms, to see `hoped` instead of `usual` (shares).

    `power` is the chance to see it where it is so, `alpha` that to see it where it is not. Raises
    `Invalid` where one of them is not between 0 and 1, or both shares are the same.
    """
    for name, value in (("usual", usual), ("hoped", hoped), ("alpha", alpha), ("power", power)):
        if not 0 < value < 1:
            raise Invalid(f"{name} is {value}: it must lie between 0 and 1")
    if usual == hoped:
        raise Invalid("both shares are the same: no number of people tells them apart")
    normal, middle = NormalDist(), (usual + hoped) / 2
    chance = normal.inv_cdf(1 - alpha / 2) * sqrt(2 * middle * (1 - middle))
    missed = normal.inv_cdf(power) * sqrt(usual * (1 - usual) + hoped * (1 - hoped))
    return ceil(((chance + missed) / (usual - hoped)) ** 2)


def smaller_arm(usual: float, hoped: float, *, part: float, power: float = 0.8) -> int:
    """The same for the smaller of two unequal arms, which holds this part of all people.

    By the harmonic mean of both arms, so that neither is taken for more than it tells.
    """
    if not 0 < part < 1:
        raise Invalid(f"part is {part}: it must lie between 0 and 1")
    least = min(part, 1 - part)
    return ceil(per_arm(usual, hoped, power=power) / (2 * (1 - least)))
