"""The measurements as a table for people: each value next to its baseline, and what issue 6 asks of it."""

from collections.abc import Mapping
from typing import Any

WANTED: Mapping[tuple[str, str], str] = {
    ("newsletter", "messages.postgresql"): ">= 4,500/s and >= 15 x",
    ("newsletter", "messages.sqlite"): ">= 6,000/s and >= 15 x",
    ("short", "messages.postgresql"): ">= 9,000/s",
    ("postfix", "messages.postgresql"): ">= 0.6 x",
    ("postfix", "messages.sqlite"): ">= 0.6 x",
    ("sendgrid", "recipients.postgresql"): ">= 20,000/s",
    ("sendgrid", "recipients.sqlite"): ">= 20,000/s",
    ("far_relay", "at_200"): ">= 0.9 x",
    ("far_relay", "at_1000"): ">= 0.9 x",
    ("large", "first_message"): "<= 1.0 s",
    ("large", "order_mail_p99"): "<= 1.0 s",
    ("large", "pause"): "<= 2 s",
    ("large", "worker_memory"): "<= 150 MB",
}
HEAD = ("measurement", "value", "baseline", "ratio", "wanted", "spread")


def table(report: Mapping[str, Any]) -> str:
    """Return the report as lines of a Markdown table, what was not measured with its reason, and the noise of the machine."""
    rows = [HEAD, tuple("---" for _name in HEAD)]
    for name, figures in report["measurements"].items():
        if "not_measured" in figures:
            rows.append((name, figures["not_measured"], "", "", "", ""))
            continue
        rows += [_row(name, key, figure) for key, figure in figures.items()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    machine, load = report["machine"], report["load"]
    noise = f"{machine['cores']} cores, Python {machine['python']}, load {load['before']} before, {load['after']} after"
    share = f"stolen by the host {report['noise']['stolen']:.1%} of all processor time"
    return "\n".join([*lines, "", f"{noise}, {share}; medians of interleaved rounds, ratios from one run."])


def _row(name: str, key: str, figure: Mapping[str, Any]) -> tuple[str, ...]:
    rounds = figure["rounds"]
    spread = f"{min(rounds):,.4g} to {max(rounds):,.4g}" if len(rounds) > 1 else ""
    return (
        f"{name} {key}",
        f"{figure['value']:,.4g} {figure['unit']}",
        f"{figure['baseline_value']:,.4g}",
        f"{figure['ratio']:,.3g}",
        WANTED.get((name, key), ""),
        spread,
    )
