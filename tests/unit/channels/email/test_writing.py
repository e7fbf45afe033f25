"""Where a mail says that bounces go, and who signed it."""

from dataclasses import replace

from marketing.channels.email.verp import reference_of
from marketing.channels.email.writing import MailWriter
from marketing.domain.links import LinkSigner
from tests.support.mail import MAIL, NOW, Signing

SIGNER = LinkSigner((b"k" * 32,), "https://siar.example")
OURS = replace(MAIL, message_id=f"<{SIGNER.reference(4812)}@siar.example>")


def test_without_anything_set_up_bounces_go_to_the_sender_and_nothing_is_signed() -> None:
    envelope = MailWriter(lambda: NOW).write(OURS)
    assert envelope.sender == OURS.sender_address
    assert b"DKIM-Signature" not in envelope.data


def test_a_bounce_names_its_message_and_the_mail_is_signed_for_its_from() -> None:
    signing = Signing()
    envelope = MailWriter(lambda: NOW, signing).write(OURS)
    reference = reference_of(envelope.sender)
    assert reference is not None
    assert SIGNER.referred(reference) == 4812
    assert envelope.sender.endswith("@pantul.tts.example")
    assert b"d=siar.example;" in envelope.data
    assert signing.verifies(envelope.data)


def test_a_mail_that_is_no_message_of_the_ledger_bounces_to_its_sender() -> None:
    confirmation = replace(MAIL, message_id="<konfirmasi@siar.example>")
    assert MailWriter(lambda: NOW, Signing()).write(confirmation).sender == MAIL.sender_address
