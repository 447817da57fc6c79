"""One CSV file as checked rows, each with the line it stands on, and everything that is wrong with it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from tools.shop.csv_folder.cells import Habits
from tools.shop.csv_folder.form import Cells

C = TypeVar("C", bound=Cells)
ENCODINGS = ("utf-8-sig", "cp1252")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = ",;\t"
UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(slots=True)
class Problems:
    """Everything wrong with the folder, in the order it was found."""

    lines: list[str] = field(default_factory=list)

    def add(self, file: str, line: int, column: str, reason: str) -> None:
        """Note one: ``orders.csv, line 7, placed_at: 'mañana' is not a date``."""
        self.lines.append(f"{file}, line {line}, {column}: {reason}")


@dataclass(frozen=True, slots=True)
class Sheet(Generic[C]):
    """The good rows of a file by line number.

    ``ids`` are those of all rows and ``bad`` the cells of the refused ones, so that a row that is refused is not
    reported as missing too.
    """

    file: str
    rows: dict[int, C] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()
    bad: tuple[dict[str, str], ...] = ()


def read_sheet(
    path: Path, form: type[C], problems: Problems, habits: Habits | None, *, id_column: str = "", required: bool = True
) -> Sheet[C]:
    """Read a file. An absent one is a problem when required and otherwise an empty sheet."""
    if not path.exists():
        if required:
            problems.add(path.name, 1, "file", "is missing from the folder")
        return Sheet(path.name)
    rows: dict[int, C] = {}
    ids: dict[str, int] = {}
    bad = []
    for line, header, cells in _read_cells(path, form, problems):
        name = cells.get(id_column, "")
        if name and ids.setdefault(name, line) != line:
            problems.add(path.name, line, id_column, f"'{name}' stands on line {ids[name]} already")
        try:
            rows[line] = form.model_validate(cells, context=habits)
        except ValidationError as error:
            bad.append(cells)
            for problem in error.errors():
                column = str(problem["loc"][0])
                if column in header:
                    problems.add(path.name, line, column, _word(problem["type"], problem["msg"]))
    return Sheet(path.name, rows, frozenset(ids), tuple(bad))


def _read_cells(path: Path, form: type[Cells], problems: Problems) -> Iterator[tuple[int, list[str], dict[str, str]]]:
    """Each row that is not empty: its line, the header, and the filled cells by column."""
    text = _decode(path, problems)
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=first.count), strict=True)
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            start, line = line, reader.line_num + 1
            if not header:
                header = [name.strip().lower() for name in cells]
                _check_header(path.name, header, form, problems)
            elif len(cells) > len(header):
                problems.add(path.name, start, "row", f"has {len(cells)} cells for {len(header)} columns")
            elif any(UNPRINTED.search(cell) for cell in cells):
                problems.add(path.name, start, "row", "holds characters that are no text")
            elif any(cell.strip() for cell in cells):
                named = zip(header, cells, strict=False)
                filled = {n: cell.strip() for n, cell in named if cell.strip() and n in form.model_fields}
                yield start, header, filled
    except csv.Error as error:
        problems.add(path.name, line, "row", f"is not CSV: {error}")
    if not header:
        problems.add(path.name, 1, "file", "has no header")


def _decode(path: Path, problems: Problems) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-16",) if raw.startswith(UTF16_MARKS) else ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    problems.add(path.name, 1, "file", "is not text in UTF-8")
    return ""


def _check_header(file: str, header: list[str], form: type[Cells], problems: Problems) -> None:
    known = form.model_fields
    for name in sorted(set(header)):
        if name not in known:
            problems.add(file, 1, name or "header", f"is not a column here; those are {', '.join(known)}")
        elif header.count(name) > 1:
            problems.add(file, 1, name, "stands twice")
    for name, column in known.items():
        if column.is_required() and name not in header:
            problems.add(file, 1, name, "is missing from the header")


def _word(kind: str, message: str) -> str:
    return "is empty" if kind == "missing" else message.removeprefix("Value error, ")
