"""The documented task, whose sample contradicts its table."""

from tests.harness.mock_server import LiveMock


async def test_the_clients_keep_what_the_documented_task_has_unreadable(mock: LiveMock) -> None:
    """A word where a number is promised is None and kept; an execution_time that is no time stays text."""
    task = (await mock.rows("schedules.list", water_meter_number="78"))[0]
    assert (task.execution_count, dict(task.unreadable)) == (None, {"execution_count": "执行次数"})
    assert task.execution_time == "6767"
    assert mock.plain_client.client.oddities[("Schedule", "unreadable", "execution_count")] == 1
