"""The demo shop's products, drawn: one drawing a design, in the colour that is asked for."""

from __future__ import annotations

from functools import cache

import jinja2

from agent.api.pages import FOLDER

COLORS = {
    "blanco": "#f7f4ec",
    "negro": "#33333a",
    "rojo": "#c4453c",
    "azul": "#4274b8",
    "azul marino": "#2c426e",
    "gris": "#8d949d",
    "marrón": "#7d563a",
    "verde": "#54805b",
    "beige": "#d3bf9c",
    "amarillo": "#e2b241",
    "dorado": "#cca04a",
    "plateado": "#aab0b9",
    "terracota": "#ba6542",
}
PLAIN = "#9a7b5c"
DARKER, LIGHTER = 0.62, 1.35

_drawings = jinja2.Environment(loader=jinja2.FileSystemLoader(FOLDER / "shop" / "drawings"), autoescape=True)


@cache
def draw(design: str, color: str) -> str | None:
    """The SVG; none for a design that has no drawing. An unknown colour is drawn plain."""
    if not (FOLDER / "shop" / "drawings" / f"{design}.svg").is_file():
        return None
    main = COLORS.get(color, PLAIN)
    return _drawings.get_template(f"{design}.svg").render(
        main=main, dark=_shade(main, DARKER), light=_shade(main, LIGHTER)
    )


def _shade(color: str, factor: float) -> str:
    parts = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{min(255, round(part * factor)):02x}" for part in parts)
