"""Values of the curves of rest in tests/unit/scoring/scorers_test.cpp."""
from math import exp

for days in (14, 28, 0.5):
    print(f"unused_bonus after {days} days: {1 - 0.7 * exp(-0.05 * days)!r}")


def template_rest(days):
    return 1 - exp(-0.05 * days)


def combination_rest(days):
    return 1 - exp(-0.03 * days)


for days in (14, 28):
    print(f"fatigue after {days} days: {template_rest(days)!r}")
    print(f"fatigue after {days} days, combination 28: {template_rest(days) * combination_rest(28)!r}")
print(f"fatigue, combination alone after 28 days: {combination_rest(28)!r}")
