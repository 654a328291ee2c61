"""Ends what a worker that is gone has left under way, so that it blocks nobody's lane."""

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from procrastinate import App
from procrastinate.jobs import Status

from agents_app.work.tasks import end


async def end_abandoned(app: App) -> None:
    """Work of workers that have not been heard of for half a minute failed as "interrupted"."""
    for job in await app.job_manager.get_stalled_jobs():
        if job.id is not None:
            await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)
        await sync_to_async(_end)(job.task_kwargs.get("work_id"))


def _end(work_id: object) -> None:
    try:
        end(work_id, ("failed", "interrupted"))
    finally:
        close_old_connections()
