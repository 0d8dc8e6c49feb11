"""Our own icons: drawn on a 24 unit grid with one stroke width, round ends, in the text's colour."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_PATHS: dict[str, str] = {
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20.5 20.5",
    "person": "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6",
    "people": (
        "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5c.4-3.5 3-5.5 6.5-5.5s6.1 2 6.5 5.5"
        "M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 14.5c2 .8 3.2 2.5 3.5 5"
    ),
    "building": "M3.5 20.5h17M5.5 20.5V9L12 4l6.5 5v11.5M9 12.5h.01M12 12.5h.01M15 12.5h.01M10 20.5V16h4v4.5",
    "group": (
        "M12 9a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 12 9ZM5.5 20.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5Z"
        "M18.5 20.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5ZM10.7 11.5l-3.5 3.8M13.3 11.5l3.5 3.8M9 17.8h6"
    ),
    "grid": "M4 4h6v6H4ZM14 4h6v6h-6ZM4 14h6v6H4ZM14 14h6v6h-6Z",
    "door": "M13.5 4h-8v16h8M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5",
    "key": "M8 19.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM11.3 11.7 20 3.5M16.5 6.8l3 3M14 9.2l1.8 1.8",
    "shield": (
        "M12 3.5c2.5 1.8 5 2.5 7.5 2.5 0 6.5-1.5 11.5-7.5 14.5C6 17.5 4.5 12.5 4.5 6c2.5 0 5-.7 7.5-2.5Z"
        "M8.8 11.8l2.3 2.3 4.2-4.4"
    ),
    "mail": "M3.5 5.5h17v13h-17ZM3.5 6.5l8.5 6.5 8.5-6.5",
    "calendar": "M4 6h16v14H4ZM4 10.5h16M8.5 3.5v4M15.5 3.5v4",
    "check": "M4.5 12.5 9.5 17.5 19.5 7",
    "success": "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM8 12.2l2.8 2.8L16 9.5",
    "warning": "M12 4 21 19.5H3ZM12 10v4.5M12 17h.01",
    "danger": "M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7ZM12 8v5M12 16h.01",
    "info": "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 11.5V16M12 8h.01",
    "close": "M5.5 5.5l13 13M18.5 5.5l-13 13",
    "chevron-right": "M9 5l7 7-7 7",
    "chevron-left": "M15 5l-7 7 7 7",
    "chevron-down": "M5 9l7 7 7-7",
    "chevron-up": "M5 15l7-7 7 7",
    "arrow-right": "M4 12h15.5M13.5 6l6 6-6 6",
    "plus": "M12 4.5v15M4.5 12h15",
    "minus": "M4.5 12h15",
    "pencil": "M4 20l1-4.5L16 4.5l3.5 3.5-11 11ZM13.5 7l3.5 3.5",
    "trash": "M4 6.5h16M9 6.5V4h6v2.5M6 6.5l1 14h10l1-14M10 10.5v6M14 10.5v6",
    "external": "M18.5 14v6.5h-15v-15H10M13.5 3.5h7v7M20.5 3.5 11 13",
    "globe": "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM3.5 12h17M12 3.5c-5 5-5 12 0 17M12 3.5c5 5 5 12 0 17",
    "pin": "M9 3.5h6l-.8 6 3.3 3.5v1.5h-11V13l3.3-3.5ZM12 14.5v6",
    "clock": "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7v5l3.5 2",
    "download": "M12 3.5v12M6.5 10.5l5.5 5.5 5.5-5.5M4 20.5h16",
    "upload": "M12 16V4M6.5 9l5.5-5.5L17.5 9M4 20.5h16",
    "copy": "M8.5 8.5h12v12h-12ZM15.5 8.5v-5h-12v12h5",
    "menu": "M3.5 6.5h17M3.5 12h17M3.5 17.5h17",
    "settings": (
        "M4 7h9M17 7h3M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM4 17h3M11 17h9"
        "M9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z"
    ),
    "device": "M3.5 5h17v11h-17ZM8 20h8M12 16v4",
    "phone": "M7 3.5h10v17H7ZM11 17.5h2",
    "link": "M10 14l4-4M8.5 11.5l-3 3a3.5 3.5 0 0 0 5 5l3-3M15.5 12.5l3-3a3.5 3.5 0 0 0-5-5l-3 3",
    "lock": "M5.5 10.5h13v10h-13ZM8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2",
    "eye": (
        "M2.5 12c2.5-4.5 5.7-6.5 9.5-6.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12Z"
        "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z"
    ),
    "filter": "M3.5 5.5h17L14 13v6.5l-4-2V13Z",
    "home": "M9.5 20H4.5V4h15v16h-5M12 20.5V15",
    "list": "M8.5 6.5h12M8.5 12h12M8.5 17.5h12M4 6.5h.01M4 12h.01M4 17.5h.01",
    "sparkle": "M12 3.5c.8 5 3.2 7.5 8.5 8.5-5.3 1-7.7 3.5-8.5 8.5-.8-5-3.2-7.5-8.5-8.5 5.3-1 7.7-3.5 8.5-8.5Z",
}
NAMES = tuple(sorted(_PATHS))


class UnknownIconError(KeyError):
    """A template names an icon that nobody drew."""


def icon(name: str, size: str = "") -> SafeString:
    """Return the icon as inline SVG, hidden from assistive technology: the words beside it say what it means."""
    try:
        path = _PATHS[name]
    except KeyError as error:
        raise UnknownIconError(name) from error
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        mark_safe(f" icon-{size}") if size in {"sm", "lg", "xl"} else "",  # noqa: S308 - from the fixed list
        path,
    )
