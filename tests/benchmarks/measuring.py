"""Medians of wall and processor time, taken in turns so that a noisy machine treats all alike."""

import time
from collections.abc import Callable, Mapping
from statistics import median

TIMES = 30
Question = Callable[[], object]


def wall_ms(questions: Mapping[str, Question], *, times: int = TIMES) -> dict[str, float]:
    """The median wall time of each question in milliseconds, after one round that is not counted."""
    return _medians(questions, time.perf_counter, times=times)


def cpu_ms(questions: Mapping[str, Question], *, times: int = TIMES) -> dict[str, float]:
    """The same in processor time of this process."""
    return _medians(questions, time.process_time, times=times)


def _medians(
    questions: Mapping[str, Question], clock: Callable[[], float], *, times: int
) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in questions}
    for number in range(times + 1):
        for name, question in questions.items():
            started = clock()
            question()
            if number:
                taken[name].append((clock() - started) * 1000)
    return {name: median(values) for name, values in taken.items()}
