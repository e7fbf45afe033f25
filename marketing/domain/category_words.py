"""What people call the product categories of the catalogue, in the language in force."""

from collections.abc import Mapping

from marketing.domain.product import Category
from marketing.i18n import gettext as _


def category_titles() -> Mapping[str, str]:
    """Return the name of every category."""
    return {
        Category.MAKANAN_OLAHAN: _("Makanan olahan"),
        Category.MINUMAN: _("Minuman"),
        Category.KERAJINAN: _("Kerajinan"),
        Category.FESYEN: _("Fesyen"),
        Category.PERTANIAN: _("Hasil pertanian"),
        Category.JASA: _("Jasa"),
        Category.LAINNYA: _("Lainnya"),
    }
