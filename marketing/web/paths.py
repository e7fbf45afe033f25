"""Every address of the private pages, once: routes, redirects and templates all read it here.

Public addresses (gallery, feeds, unsubscribe) are part of what leaves the house; views carry those ready-made.
"""

from urllib.parse import urlencode

HOME = "/beranda"
RESTORED = "/beranda/pemulihan"
CATALOG = "/katalog"
CAMPAIGNS = "/kampanye"
COMPOSE = "/kampanye/susun"
AUDIENCE = "/kampanye/penerima"
OUTBOX = "/kotak-keluar"
OUTBOX_MAIL = "/kotak-keluar/surat"
OUTBOX_SEARCH = "/kotak-keluar/surat/cari"
OUTBOX_POSTS = "/kotak-keluar/kiriman"
OUTBOX_ORDERS = "/kotak-keluar/pesanan"
OUTBOX_HEALTH = "/kotak-keluar/kesehatan"
OUTBOX_MARKER = "/kotak-keluar/pos/"  # the permanent address of a sandbox post, made by its channel
TASKS = "/tugas"
TASK_PEOPLE = "/tugas/petugas"
METRICS = "/metrics"
MACHINES = "/kanal/mesin"
LOGIN = "/masuk"
FORGOTTEN = "/masuk/lupa"
LOGOUT = "/keluar"
LANGUAGE = "/bahasa"
SYNC = "/katalog/sinkron"
GUIDANCE = "/katalog/pendampingan"
GUIDANCE_FILE = "/katalog/pendampingan.csv"
SOURCES = "/katalog/sumber"
SOURCE_FORM = "/katalog/sumber/isi"
SOURCE_SAVE = "/katalog/sumber/simpan"
SOURCE_TRY = "/katalog/sumber/coba"
SOURCE_PULL = "/katalog/sumber/tarik"
SOURCE_FORGET = "/katalog/sumber/lupakan"
CHANNELS = "/kanal"
API_KEYS = "/kanal/kunci"
SOCIAL = "/kanal/media-sosial"
WHATSAPP_TEMPLATES = "/kanal/media-sosial/whatsapp-templat"
SOCIAL_CHOOSE = "/kanal/media-sosial/meta/pilih"
META_ERASED = "/webhook/meta/hapus"
META_REVOKED = "/webhook/meta/dicabut"
CONTACTS = "/kontak"
CONTACTS_FILE = "/kontak/unduh.csv"
CONTACT_SEARCH = "/kontak/cari"
CONTACT_IMPORT = "/kontak/impor"
DATA_REQUESTS = "/kontak/permintaan"
BREACH = "/kontak/pelanggaran"
SUPPRESSIONS = "/kontak/daftar-henti"
SUPPRESSION_SEARCH = "/kontak/daftar-henti/cari"
SEGMENTS = "/kontak/segmen"
SEGMENT_NEW = "/kontak/segmen/susun"
MAIL_TEMPLATES = "/surel/templat"
WITHDRAWALS = "/katalog/penarikan"
WITHDRAWALS_FILE = "/katalog/penarikan.csv"


def listing(base: str, **query: str | int | None) -> str:
    """Return a list page with its filters; empty ones are left out so that addresses stay short."""
    kept = {key: value for key, value in query.items() if value not in ("", None)}
    return f"{base}?{urlencode(kept)}" if kept else base


def brand_css(tenant_id: str) -> str:
    """Return the tiny style sheet that carries a Daerah's colour and band."""
    return f"/merek/{tenant_id}.css"


def product_explain(product_id: int) -> str:
    """Return the page on which the gate says why a product may be promoted or not."""
    return f"{CATALOG}/produk/{product_id}"


def compose(campaign_id: int | None, **query: str | int | None) -> str:
    """Return the composer, of a new campaign or of a draft."""
    return listing(COMPOSE if campaign_id is None else f"{CAMPAIGNS}/{campaign_id}/susun", **query)


def campaign(campaign_id: int) -> str:
    """Return the page of one campaign."""
    return f"{CAMPAIGNS}/{campaign_id}"


def campaign_act(campaign_id: int, act: str) -> str:
    """Return where an act on a campaign is posted: setujui, kembalikan, jadwalkan, jeda, lanjutkan, batalkan, giliran."""
    return f"{CAMPAIGNS}/{campaign_id}/{act}"


def missed(campaign_id: int | str, act: str = "") -> str:
    """Return the page on what is in doubt and who was missed, or where an act is posted: pastikan, kirim."""
    return f"{CAMPAIGNS}/{campaign_id}/terlewat/{act}".rstrip("/")


def campaign_ledger(campaign_id: int) -> str:
    """Return the fragment that the live ledger polls."""
    return f"{CAMPAIGNS}/{campaign_id}/neraca"


def campaign_email(campaign_id: int) -> str:
    """Return the e-mail of the newest version, rendered for a sample reader; shown in a sandboxed frame."""
    return f"{CAMPAIGNS}/{campaign_id}/pratinjau.html"


def contact(contact_id: int, act: str = "", **query: str | int | None) -> str:
    """Return the page of one person, or where an act is posted: cabut, batasi, buka; or tanda-terima.json."""
    return listing(f"{CONTACTS}/{contact_id}{'/' if act else ''}{act}", **query)


def data_request(request_id: int, act: str = "") -> str:
    """Return the page of one request on data, or where an act is posted: mulai, selesai, tolak, perbaiki, salinan."""
    return f"{DATA_REQUESTS}/{request_id}/{act}".rstrip("/")


def mail_template(kind: str, variant: str, act: str = "", **query: str | int | None) -> str:
    """Return the page of one template of e-mails, or one of its acts: pulihkan, beda, pratinjau.html, 3/pratinjau.html."""
    return listing(f"{MAIL_TEMPLATES}/{kind}/{variant}/{act}".rstrip("/"), **query)


def suppression_lift(suppression_id: int) -> str:
    """Return where the lifting of one row of the list of never-send is posted."""
    return f"{SUPPRESSIONS}/{suppression_id}/buka"


def api_key_revoke(prefix: str) -> str:
    """Return where the revoking of one key is posted."""
    return f"{API_KEYS}/{prefix}/cabut"


def segment(segment_id: int, act: str = "") -> str:
    """Return the page of one segment, or where an act on it is posted: hapus."""
    return f"{SEGMENTS}/{segment_id}/{act}".rstrip("/")


def mails(campaign_id: int | None = None, state: str = "") -> str:
    """Return the list of messages behind a number of the ledger."""
    return listing(OUTBOX_MAIL, kampanye=campaign_id, keadaan=state)


def mail(message_id: int) -> str:
    """Return the page of one message."""
    return f"{OUTBOX_MAIL}/{message_id}"


def mail_html(message_id: int) -> str:
    """Return the HTML part of one message; shown in a sandboxed frame."""
    return f"{OUTBOX_MAIL}/{message_id}/isi.html"


def order_alert_act(alert_id: int, act: str) -> str:
    """Return where an act on an alert about an order is posted: lepaskan, dikabari."""
    return f"{OUTBOX_ORDERS}/{alert_id}/{act}"


def breaker_lift(breaker_id: int | str) -> str:
    """Return where somebody lets all bulk mail go on."""
    return f"{OUTBOX_HEALTH}/{breaker_id}/buka"


def posts(campaign_id: int | None = None, state: str = "") -> str:
    """Return the list of posts, of one campaign or in one state."""
    return listing(OUTBOX_POSTS, kampanye=campaign_id, keadaan=state)


def post(post_id: int) -> str:
    """Return the page of one post."""
    return f"{OUTBOX_POSTS}/{post_id}"


def task(task_id: int, act: str = "") -> str:
    """Return the page of what only a person can do for a post, or where they say that they did."""
    return f"{TASKS}/{task_id}/{act}" if act else f"{TASKS}/{task_id}"


def task_person(account_id: int) -> str:
    """Return where is said who finishes by hand what an account cannot do by itself."""
    return f"{TASK_PEOPLE}/{account_id}"


def set_aside(run_id: int) -> str:
    """Return the list of records that one pull set aside."""
    return f"{SOURCES}/pengambilan/{run_id}"


def set_aside_file(run_id: int) -> str:
    """Return the same list as a file."""
    return f"{SOURCES}/pengambilan/{run_id}.csv"


def whatsapp_template(template_id: int | str, act: str) -> str:
    """Return where something is done with a template of WhatsApp."""
    return f"{WHATSAPP_TEMPLATES}/{template_id}/{act}"


def social_connect(kind: str, account_id: int | None = None, **choice: str) -> str:
    """Return the page on which an account of one provider is connected: telegram, meta, tiktok, whatsapp."""
    return listing(f"{SOCIAL}/{kind}/hubungkan", akun=account_id, **choice)


def social_go(kind: str, about: str = "") -> str:
    """Return what leads to the provider's own page, with what was chosen."""
    return listing(f"{SOCIAL}/{kind}/menuju", pilihan=about)


def social_back(kind: str) -> str:
    """Return where the provider sends the person back to; it has to be registered there as it is."""
    return f"{SOCIAL}/{kind}/kembali"


def social_act(account_id: int | str, act: str) -> str:
    """Return where an act on an account of a social channel is posted: uji, jeda, lanjutkan, lepas."""
    return f"{SOCIAL}/{account_id}/{act}"


def channel_connect(provider: str, business_id: int | None = None) -> str:
    """Return the page that says what connecting a shop of a marketplace means."""
    return listing(f"{CHANNELS}/{provider}/sambungkan", usaha=business_id)


def channel_go(provider: str, business_id: int | None = None) -> str:
    """Return what leads to the marketplace, where the shop's owner agrees."""
    return listing(f"{CHANNELS}/{provider}/menuju", usaha=business_id)


def channel_back(provider: str) -> str:
    """Return where the marketplace sends the person back to; it has to be registered there as it is."""
    return f"{CHANNELS}/{provider}/kembali"


def webhook(provider: str) -> str:
    """Return where the marketplace tells of changes; it has to be registered there as it is."""
    return f"/webhook/{provider}"


def telegram_webhook(account_id: int | str) -> str:
    """Return where Telegram tells an account's bot what people say; Siar enters it there itself."""
    return f"/webhook/telegram/{account_id}"


def mail_webhook(account_id: int | str) -> str:
    """Return where SendGrid tells what became of an account's mails; it has to be entered there as it is."""
    return f"/webhook/sendgrid/{account_id}"


def channel_account(account_id: int, state: str = "") -> str:
    """Return the page of one account, with its listings in one state."""
    return listing(f"{CHANNELS}/akun/{account_id}", keadaan=state)


def mail_account_act(account_id: int | str, act: str) -> str:
    """Return where an act on an account that carries mail is posted: uji, jeda, lanjutkan."""
    return f"{CHANNELS}/surel/{account_id}/{act}"


def channel_act(account_id: int, act: str) -> str:
    """Return where an act on an account is posted: uji, jeda, lanjutkan, lepas, otomatis, coba-lagi, pilihan."""
    return f"{CHANNELS}/akun/{account_id}/{act}"


def listing_deleted(listing_id: int) -> str:
    """Return where a person says that a listing was deleted by hand."""
    return f"{CHANNELS}/iklan/{listing_id}/dihapus"


def contact_import(job_id: int, act: str = "") -> str:
    """Return the page of one import, or where an act on it is: mulai, batal, lanjut, galat.csv."""
    return f"{CONTACT_IMPORT}/{job_id}/{act}".rstrip("/")
