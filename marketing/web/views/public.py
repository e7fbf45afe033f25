"""Pages for everybody: gallery, product, offer, leaving a list, why a mail came, and what went wrong."""

from dataclasses import dataclass
from typing import Literal

from marketing.web.views.parts import Option, Pager


@dataclass(frozen=True, slots=True)
class SiteNav:
    """The few links of the public pages."""

    home_href: str
    language_href: str = ""
    active: Literal["", "home"] = ""


@dataclass(frozen=True, slots=True)
class PublicProduct:
    """A product in the gallery; `price_was` only while a sale runs."""

    name: str
    business: str
    href: str
    price: str
    picture: str = ""
    picture_alt: str = ""
    price_was: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An address with its words."""

    label: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SiteHomeView:
    """The gallery of a Daerah."""

    summary: str
    products: tuple[PublicProduct, ...]
    pager: Pager
    action: str
    query: str = ""
    categories: tuple[Option, ...] = ()
    feeds: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicProductView:
    """A product with its business and how to order it (Blitar Ps. 9(1))."""

    name: str
    price: str
    unit: str
    description: tuple[str, ...]
    business: str
    business_place: str
    order_steps: tuple[str, ...]
    price_was: str = ""
    sale_until: str = ""
    picture: str = ""
    picture_alt: str = ""
    stock: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    business_facts: tuple[tuple[str, str], ...] = ()
    whatsapp_href: str = ""
    order_href: str = ""
    others: tuple[PublicProduct, ...] = ()


@dataclass(frozen=True, slots=True)
class PromoView:
    """The page of one campaign for everybody."""

    headline: str
    text: tuple[str, ...]
    products: tuple[PublicProduct, ...]
    period: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class UnsubscribeView:
    """Leaving: asks by GET, acts by POST. `done` says what was stopped."""

    type_label: str = ""
    address: str = ""
    action: str = ""
    done: Literal["", "type", "all"] = ""
    undo_href: str = ""


@dataclass(frozen=True, slots=True)
class WhyView:
    """Why this mail came: the consent it rests on, in words, and the way out."""

    type_label: str
    address: str
    basis: str
    law: str
    facts: tuple[tuple[str, str], ...] = ()
    products_basis: str = ""
    unsubscribe_href: str = ""


@dataclass(frozen=True, slots=True)
class LoginView:
    """Signing in; `error` is a sentence and never says which of the two was wrong."""

    email: str = ""
    error: str = ""
    next: str = ""
    demo_users: tuple[tuple[str, str], ...] = ()
    demo_password: str = ""


@dataclass(frozen=True, slots=True)
class ErrorView:
    """What happened, why, what to do."""

    status: int
    title: str
    text: str
    advice: str
    href: str = "/"
    action: str = ""
