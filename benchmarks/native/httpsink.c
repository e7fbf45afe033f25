/* An endpoint like SendGrid's v3 mail/send that takes everything and counts recipients: one thread, epoll, keep-alive.
 *
 * httpsink: prints its port. It answers GET with the scopes of a good key, and POST with 202 and an X-Message-Id, or with 400
 * when a call names nobody, more than 1,000, or somebody twice, and 401 without a key. Standard input as in fastsink.
 */
#include "sink.h"

enum { EVENTS = 64, MOST = 1000 };

typedef struct {
    int socket;
    size_t filled, room;
    char *buffer;
} Peer;

static unsigned long calls, refused, recipients, bytes, connections;
static double first, last;
static Seen people;

/* Return the address after the `"email"` that follows, NULL where there is none before `end`. */
static const char *address(const char *from, const char *end, size_t *length) {
    const char *name = memmem(from, (size_t)(end - from), "\"email\"", 7);
    if (!name) return NULL;
    const char *open = memchr(name + 7, '"', (size_t)(end - name - 7));
    const char *close = open ? memchr(open + 1, '"', (size_t)(end - open - 1)) : NULL;
    if (!close) return NULL;
    *length = (size_t)(close - open - 1);
    return open + 1;
}

/* Count who is addressed by a call; -1 when somebody stands in it twice. */
static int addressed(const char *body, size_t size) {
    const char *at = body, *end = body + size;
    int found = 0, twice = 0;
    Seen here = {0};
    while ((at = memmem(at, (size_t)(end - at), "\"to\"", 4))) {
        size_t length = 0;
        int quoted = at > body && at[-1] == '\\';
        at += 4;
        const char *who = quoted ? NULL : address(at, end, &length);
        if (!who) continue;
        found++;
        twice |= !add_name(&here, who, length);
        add_name(&people, who, length);
        at = who + length;
    }
    forget(&here);
    return twice ? -1 : found;
}

static void reply(Peer *peer, const char *status, const char *header, const char *body) {
    char text[512];
    int size = snprintf(text, sizeof text, "HTTP/1.1 %s\r\n%sContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", status,
                        header, strlen(body), body);
    write_all(peer->socket, text, (size_t)size);
}

static void serve(Peer *peer, const char *request, size_t header, size_t body) {
    char id[64];
    if (!memmem(request, header, "Bearer ", 7)) {
        refused++;
        reply(peer, "401 Unauthorized", "", "{\"errors\":[{\"message\":\"no key\",\"field\":null}]}");
    } else if (!strncmp(request, "GET ", 4)) {
        reply(peer, "200 OK", "", "{\"scopes\":[\"mail.send\",\"mail.batch.create\"]}");
    } else {
        int found = addressed(request + header, body);
        if (found < 1 || found > MOST) {
            refused++;
            reply(peer, "400 Bad Request", "", "{\"errors\":[{\"message\":\"recipients\",\"field\":\"personalizations\"}]}");
            return;
        }
        last = now();
        if (!calls++) first = last;
        recipients += (unsigned long)found;
        snprintf(id, sizeof id, "X-Message-Id: sink-%lu\r\n", calls);
        reply(peer, "202 Accepted", id, "");
    }
}

/* Serve every whole request; 0 when the connection is over. */
static int hear(Peer *peer) {
    if (peer->filled == peer->room) peer->buffer = must(realloc(peer->buffer, (peer->room = peer->room ? peer->room * 2 : 1 << 18)+1));
    ssize_t got = read(peer->socket, peer->buffer + peer->filled, peer->room - peer->filled);
    if (got <= 0) return got < 0 && errno == EAGAIN;
    bytes += (unsigned long)got;
    peer->filled += (size_t)got;
    peer->buffer[peer->filled] = 0;
    for (;;) {
        char *stop = memmem(peer->buffer, peer->filled, "\r\n\r\n", 4);
        if (!stop) return 1;
        *stop = 0;
        size_t header = (size_t)(stop - peer->buffer) + 4;
        char *said = strcasestr(peer->buffer, "\r\ncontent-length:");
        size_t body = said ? strtoul(said + 17, NULL, 10) : 0;
        int closes = strcasestr(peer->buffer, "\r\nconnection: close") != NULL;
        if (strcasestr(peer->buffer, "\r\nexpect: 100") && peer->filled == header) write_all(peer->socket, "HTTP/1.1 100 Continue\r\n\r\n", 25);
        *stop = '\r';
        if (peer->filled < header + body) return 1;
        serve(peer, peer->buffer, header, body);
        peer->filled -= header + body;
        memmove(peer->buffer, peer->buffer + header + body, peer->filled);
        if (closes) return 0;
    }
}

static void greet(int poller, int listener) {
    int one = 1, socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (socket < 0) return;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    Peer *peer = must(calloc(1, sizeof *peer));
    peer->socket = socket;
    connections++;
    watch(poller, socket, peer);
}

static void tell(void) {
    printf("{\"taken\": %lu, \"calls\": %lu, \"bytes\": %lu, \"connections\": %lu, \"bad\": %lu, \"recipients\": %zu, "
           "\"first\": %.6f, \"last\": %.6f}\n",
           recipients, calls, bytes, connections, refused, people.used, first, last);
    fflush(stdout);
}

/* Do what standard input says; 0 at its end. */
static int obey(void) {
    char orders[64];
    ssize_t got = read(0, orders, sizeof orders);
    for (ssize_t i = 0; i < got; i++) {
        if (orders[i] == 's') tell();
        if (orders[i] == 'r') {
            calls = refused = recipients = bytes = connections = 0;
            first = last = 0;
            forget(&people);
        }
    }
    return got > 0;
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    int listener = listen_here(), poller = epoll_create1(0), orders = 0;
    struct epoll_event events[EVENTS];
    watch(poller, listener, &listener);
    watch(poller, 0, &orders);
    for (;;) {
        int found = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < found; i++) {
            void *tag = events[i].data.ptr;
            if (tag == &listener) greet(poller, listener);
            else if (tag == &orders) {
                if (!obey()) {
                    tell();
                    return 0;
                }
            } else if (!hear(tag)) {
                close(((Peer *)tag)->socket);
                free(((Peer *)tag)->buffer);
                free(tag);
            }
        }
    }
}
