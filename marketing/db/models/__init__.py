"""Every table, imported in one place so that the metadata is whole."""

from marketing.db.models.access import Answered, ApiKey
from marketing.db.models.account import ChannelAccount, MarketplaceListing
from marketing.db.models.campaign import Approval, Automation, Campaign, CampaignVersion, WithdrawnIssue
from marketing.db.models.catalog import Business, GateDecision, Product, ProductImage, SetAside, SyncRun
from marketing.db.models.contact import (
    Address,
    ConsentNow,
    ConsentRecord,
    ConsentWording,
    Contact,
    Subscription,
    Suppression,
)
from marketing.db.models.event import Event, Exposure, Link
from marketing.db.models.feedback import InboundMail, MailBreaker, MailFeedback, RawFeedback
from marketing.db.models.insights import PostFigure, PostMeasuring
from marketing.db.models.life import DatabaseLife
from marketing.db.models.mail import DkimSigningKey, MailDomain, MailTemplateVersion
from marketing.db.models.message import Message, MessageRange, Post, ShareTask
from marketing.db.models.order import Order, OrderAlert, OrderEvent, OrderItem, OrderLooked
from marketing.db.models.people import DataRequest, ImportJob, Segment
from marketing.db.models.recall import PostProduct, Withdrawal
from marketing.db.models.source import CatalogSource
from marketing.db.models.summary import MessageSummary
from marketing.db.models.tenant import AuditEntry, JobLease, RoleGrant, Tenant, User, WebSession
from marketing.db.models.whatsapp import ProviderEvent, WhatsAppTemplate

__all__ = [
    "Address",
    "Answered",
    "ApiKey",
    "Approval",
    "AuditEntry",
    "Automation",
    "Business",
    "Campaign",
    "CampaignVersion",
    "CatalogSource",
    "ChannelAccount",
    "ConsentNow",
    "ConsentRecord",
    "ConsentWording",
    "Contact",
    "DataRequest",
    "DatabaseLife",
    "DkimSigningKey",
    "Event",
    "Exposure",
    "GateDecision",
    "ImportJob",
    "InboundMail",
    "JobLease",
    "Link",
    "MailBreaker",
    "MailDomain",
    "MailFeedback",
    "MailTemplateVersion",
    "MarketplaceListing",
    "Message",
    "MessageRange",
    "MessageSummary",
    "Order",
    "OrderAlert",
    "OrderEvent",
    "OrderItem",
    "OrderLooked",
    "Post",
    "PostFigure",
    "PostMeasuring",
    "PostProduct",
    "Product",
    "ProductImage",
    "ProviderEvent",
    "RawFeedback",
    "RoleGrant",
    "Segment",
    "SetAside",
    "ShareTask",
    "Subscription",
    "Suppression",
    "SyncRun",
    "Tenant",
    "User",
    "WebSession",
    "WhatsAppTemplate",
    "Withdrawal",
    "WithdrawnIssue",
]
