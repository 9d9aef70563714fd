"""The benchmark runs, answers its own questions and keeps to the number of queries. Its times are not judged here."""

from boget.portal.registry.benchmark import AIMS, run_benchmark


def test_benchmark_measures_every_figure():
    figures = run_benchmark(60)
    assert figures["facilities"] == 60 and set(AIMS) <= set(figures)
    assert all(figures[name] > 0 for name in AIMS)
    assert figures["queries_list"] <= AIMS["queries_list"][0]
    assert figures["bbox_features"] == 60, "a box for a thousand holds all sixty"
    assert set(figures["missed"]) <= set(AIMS)
