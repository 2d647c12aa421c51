"""How a save reaches the disk: alone on PostgreSQL, together with those that wait beside it on SQLite.

PostgreSQL writes the logs of concurrent commits together by itself, so there a save is one autocommitted statement. SQLite has
one writer at a time: while one thread of a worker waits for the disk, the others queue up, and whoever comes next takes the
whole queue into one transaction. Nobody is answered before the commit that holds their save.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row
from sqlalchemy.engine import Engine
from sqlalchemy.sql import Executable


class _Waiting:
    __slots__ = ("error", "is_done", "row", "values")

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.row: Row[Any] | None = None
        self.error: BaseException | None = None
        self.is_done = False


class Writer:
    """Executes one statement for many callers; kept one for each application."""

    def __init__(self, engine: Engine, statement: Executable) -> None:
        self.engine = engine
        self.statement = statement
        self.together = engine.dialect.name == "sqlite"
        self._disk = threading.Lock()  # held while writing
        self._door = threading.Lock()  # held for a moment, to join or take the queue
        self._queue: list[_Waiting] = []

    def execute(self, values: Mapping[str, Any]) -> Row[Any] | None:
        """The row that the statement returned, or None; when this returns, the change is on disk."""
        if not self.together:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                return connection.execute(self.statement, values).one_or_none()
        mine = _Waiting(values)
        with self._door:
            self._queue.append(mine)
        with self._disk:
            if not mine.is_done:
                self._write_queue()
        if mine.error is not None:
            raise mine.error
        return mine.row

    def _write_queue(self) -> None:
        with self._door:
            queue, self._queue = self._queue, []
        try:
            with self.engine.begin() as connection:
                for waiting in queue:
                    waiting.row = connection.execute(self.statement, waiting.values).one_or_none()
        except BaseException as error:
            for waiting in queue:
                waiting.error = error
        for waiting in queue:
            waiting.is_done = True
