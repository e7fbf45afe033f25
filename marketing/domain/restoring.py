"""What a person decides about each campaign that a restored database would send again."""

from enum import StrEnum


class RestoreChoice(StrEnum):
    """What becomes of a campaign that may have gone out in the time the backup does not know."""

    CANCEL = "batalkan"
    UNSURE = "belum-pasti"  # its open messages become unknown: events, the relay's log or a person settle them
    GO_ON = "lanjutkan"  # what waits is sent, and whoever had it already gets it twice
