"""What is counted, and the state of this process, in the text format that Prometheus reads.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from web.content import Content
from web.counts import BUCKETS, Counts, Labelled
from web.limit_storage import LimitStorage

_PREFIX = "citewell"
_BOUNDS = (*map(str, BUCKETS), "+Inf")


class Exposition(Collector):
    """All numbers. What is counted is the sum of all processes; the content and the limits are as this one has them."""

    content_type = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self, counts: Counts, content: Content, storage: LimitStorage, started: float) -> None:
        """``started`` is when the machine was, in seconds since 1970: the same in all processes, and at each scrape."""
        self._counts = counts
        self._content = content
        self._storage = storage
        self._started = started
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def text(self) -> bytes:
        """All numbers as they are now."""
        return generate_latest(self._registry)

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand, so that to register counts nothing."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """Each kind of number with its help and its labels."""
        yield from self._traffic()
        yield from self._replies()
        yield from self._journal()
        yield from self._served()
        yield from self._limits()
        yield from self._processes()

    def _traffic(self) -> Iterator[Metric]:
        counts = self._counts
        labels = ("route", "method", "status")
        yield _counter("requests", "Requests by route, method and class of status.", labels, counts.requests())
        took = HistogramMetricFamily(
            f"{_PREFIX}_request_duration_seconds", "Time in the application by route.", labels=["route"]
        )
        for route, upto, seconds in counts.durations():
            took.add_metric([route], [*zip(_BOUNDS, upto, strict=True)], seconds)
        yield took
        yield _counter("refusals", "Requests refused: too many, too large, invalid.", ("reason",), counts.refusals())

    def _replies(self) -> Iterator[Metric]:
        counts = self._counts
        yield _counter(
            "answers", "Questions by what they got and where they were asked.", ("kind", "channel"), counts.answers()
        )
        yield _counter("alerts", "Replies with a safety message, by its level.", ("level",), counts.alerts())
        yield _counter("fixed_wordings", "Questions that no passage may answer, by sort.", ("sort",), counts.wordings())

    def _journal(self) -> Iterator[Metric]:
        yield CounterMetricFamily(
            f"{_PREFIX}_journal_turns_lost", "Turns that could not be kept.", value=self._counts.lost
        )
        yield _gauge("journal_failing", "Processes that cannot write to the journal now.", self._counts.failing)

    def _served(self) -> Iterator[Metric]:
        served = self._content.current
        answerer = served.answerer
        info = GaugeMetricFamily(f"{_PREFIX}_corpus_info", "The content that is served.", labels=["version"])
        info.add_metric([answerer.corpus.version], 1)
        yield info
        yield _gauge("corpus_loaded_timestamp_seconds", "When this content was loaded.", served.loaded.timestamp())
        yield _gauge("corpus_documents", "Documents served.", len(served.documents))
        yield _gauge("corpus_passages", "Passages served.", len(answerer.passages))
        yield _gauge("corpus_terms", "Different terms indexed.", answerer.terms)

    def _limits(self) -> Iterator[Metric]:
        now = self._storage.whereabouts
        shared = GaugeMetricFamily(
            f"{_PREFIX}_limits_shared", "Whether all processes count requests together.", labels=["storage"]
        )
        shared.add_metric([now.storage], now.shared)
        yield shared

    def _processes(self) -> Iterator[Metric]:
        """What the system says of each process, told apart by its number."""
        families: dict[str, Metric] = {}
        for number, pid in enumerate(self._counts.pids):
            for found in _Process(pid, self._started).collect():
                family = families.setdefault(found.name, Metric(found.name, found.documentation, found.type))
                for sample in found.samples:
                    family.add_sample(sample.name, {"process": str(number)}, sample.value)
        yield from families.values()


class _Process(ProcessCollector):
    """What the system says of the process ``pid``, also where it shows nothing but processes.

    ``ProcSubset=pid`` in our unit for systemd hides the file in which it stands when the machine ``started``, and
    without that there would be no numbers at all.
    """

    def __init__(self, pid: int, started: float) -> None:
        self._machine_started = started
        super().__init__(pid=lambda: pid, registry=None)

    def _boot_time(self) -> float:
        return self._machine_started


def _counter(name: str, what: str, labels: tuple[str, ...], counted: Labelled) -> Metric:
    family = CounterMetricFamily(f"{_PREFIX}_{name}", what, labels=labels)
    for values, times in counted:
        family.add_metric(values, times)
    return family


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{_PREFIX}_{name}", what, value=value)
