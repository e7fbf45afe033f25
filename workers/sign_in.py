"""Mail about signing in."""

from marketing.accounts.sign_in_mail import SignInMail
from marketing.queue import TaskName
from workers.app import app, task


@task(TaskName.SIGN_IN_MAIL)
def sign_in_mail(user_id: int, kind: str, until: int, language: str, attempt: int = 1) -> None:
    """Send one mail about signing in, or none where nobody has an account."""
    app().sign_in_mails.send(user_id, SignInMail(kind), until=until, language=language, attempt=attempt)
