"""What a person may ask of their data, in the words of pages, mails and commands."""

from marketing.domain.data_rights import RightKind
from marketing.i18n import gettext as _


def kind_title(kind: RightKind) -> str:
    """Return the name of a right as a person reads it."""
    return {
        RightKind.ACCESS: _("Melihat dan menerima salinan data"),
        RightKind.RECTIFY: _("Memperbaiki data"),
        RightKind.RESTRICT: _("Membatasi pemrosesan data"),
        RightKind.OBJECT: _("Menolak pemrofilan"),
        RightKind.ERASE: _("Menghapus data"),
        RightKind.PORTABILITY: _("Memindahkan data"),
    }[kind]
