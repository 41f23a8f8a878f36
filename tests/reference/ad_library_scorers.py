"""Values of the ad-library scorers in tests/unit/scoring/scorers_test.cpp."""


def impression_rank(best, total=None):
    if total is not None and total <= 10:
        return 0.4 + 0.2 * (1 - (best - 1) / max(total - 1, 1))
    return max(0.2, 1 - 0.016 * (best - 1))


def impression_velocity(latest, age, total=None):
    if total is None or total == 1:
        share = 1.0 if latest == 1 else 0.5
    else:
        share = 1 - (latest - 1) / (total - 1)
    return min(1.0, max(0.0, share * (0.4 + 0.6 * 2 ** (-max(age, 1) / 30))))


for arguments in ((1,), (26,), (51,), (500,), (1, 10), (4, 10), (10, 10), (1, 1), (4, 11)):
    print(f"impression_rank{arguments}: {impression_rank(*arguments)!r}")
for arguments in ((1, 30), (1, 0.2), (1, 1), (3, 60), (11, 30, 41), (41, 30, 41), (60, 30, 41), (2, 90, 1), (1, 90, 1)):
    print(f"impression_velocity{arguments}: {impression_velocity(*arguments)!r}")
