"""A run is found by whatever people copy of it."""

import pytest

from tasks.core.wording.run_ids import names_run, run_id_in

WHOLE = "0197f3a2-5b1c-7d44-9e1f-2a6b8c0d1e2f"
UI = "http://127.0.0.1:4200"


@pytest.mark.parametrize(
    "text",
    [
        "0197f3a25b1c",
        "0197F3A25B1C",
        " 0197f3a25b1c\n",
        WHOLE,
        WHOLE.upper(),
        WHOLE.replace("-", ""),
        "0197f3a2-5b1c",
        f"{UI}/runs/flow-run/{WHOLE}",
        f"{UI}/v2/runs/flow-run/{WHOLE}?tab=Logs",
        f"{UI}/flow-runs/flow-run/{WHOLE}/",
        f"{UI}/api/flow_runs/{WHOLE}",
        f"<{UI}/runs/flow-run/{WHOLE}#logs>",
        f"{UI}/deployments/deployment/11111111-2222-3333-4444-555555555555/runs/{WHOLE}",
        f"prefect.flow-run.{WHOLE}",
        f'"{WHOLE}"',
    ],
)
def test_each_form_names_the_run(text):
    assert (run_id_in(text), names_run(text)) == ("0197f3a25b1c", True)


def test_the_beginning_of_an_id_stays_one():
    assert (run_id_in("0197F"), names_run("0197F")) == ("0197f", True)


@pytest.mark.parametrize("text", ["people.csv", "inbox/people.csv", "", "run1", f"{UI}/runs/task-run/none"])
def test_what_is_no_run_is_left_for_others_to_judge(text):
    assert not names_run(text)
