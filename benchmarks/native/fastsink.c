/* A mail server that takes everything and keeps only counts: one thread, epoll, PIPELINING.
 *
 * fastsink [delay in ms] [mark]: every answer waits so long, as on a far line; recipients that begin with the mark are noted
 * with the second at which their message was accepted. Prints its port. On standard input `s` asks for the counts as one line
 * of JSON, `r` sets them back; at its end the counts are printed and the program ends.
 */
#include "sink.h"

enum { ROOM = 1 << 18, ANSWERS = 1 << 13, EVENTS = 64, ADDRESS = 320 };

typedef struct {
    int socket, in_data, in_head, waiting, leaving, recipients;
    size_t filled, answered;
    char marked[ADDRESS];
    char buffer[ROOM];
    char answers[ANSWERS];
} Dialogue;

typedef struct Late {
    struct Late *next;
    Dialogue *to;
    double due;
    size_t length;
    char text[];
} Late;

typedef struct {
    char address[ADDRESS];
    double at;
} Mark;

static unsigned long taken, bytes, connections, bad, marked;
static double first, last, delay;
static const char *mark = "";
static Seen people, ids;
static Mark *marks;
static size_t marks_room;
static Late *head, **tail = &head;

static void answer(Dialogue *peer, const char *text) {
    size_t length = strlen(text);
    if (peer->answered + length > ANSWERS) return;
    memcpy(peer->answers + peer->answered, text, length);
    peer->answered += length;
}

static void hang_up(Dialogue *peer) {
    if (peer->socket >= 0) close(peer->socket);
    peer->socket = -1;
    if (!peer->waiting) free(peer);
}

/* Send what was said; on a far line it waits in a queue, which is in order because every answer waits equally long. */
static void flush_to(Dialogue *peer) {
    if (!peer->answered) return;
    if (delay <= 0) {
        write_all(peer->socket, peer->answers, peer->answered);
    } else {
        Late *late = must(malloc(sizeof *late + peer->answered));
        *late = (Late){.to = peer, .due = now() + delay, .length = peer->answered};
        memcpy(late->text, peer->answers, peer->answered);
        *tail = late;
        tail = &late->next;
        peer->waiting++;
    }
    peer->answered = 0;
}

/* Send what has waited long enough; returns the milliseconds until the next is due, -1 when nothing waits. */
static int send_due(void) {
    while (head && head->due <= now()) {
        Late *late = head;
        head = late->next;
        if (!head) tail = &head;
        late->to->waiting--;
        if (late->to->socket >= 0) write_all(late->to->socket, late->text, late->length);
        if (!late->to->waiting && (late->to->leaving || late->to->socket < 0)) hang_up(late->to);
        free(late);
    }
    return head ? (int)((head->due - now()) * 1000) + 1 : -1;
}

static void accepted(Dialogue *peer) {
    last = now();
    if (!taken++) first = last;
    if (peer->marked[0]) {
        if (marked == marks_room) {
            marks_room = marks_room ? marks_room * 2 : 1024;
            marks = must(realloc(marks, marks_room * sizeof *marks));
        }
        marks[marked].at = last;
        memcpy(marks[marked++].address, peer->marked, ADDRESS);
    }
    answer(peer, "250 2.0.0 taken\r\n");
    peer->in_data = peer->recipients = 0;
    peer->marked[0] = 0;
}

static void recipient(Dialogue *peer, const char *line, size_t length) {
    const char *open = memchr(line, '<', length);
    const char *close = open ? memchr(open, '>', length - (size_t)(open - line)) : NULL;
    if (!close || close - open - 1 >= ADDRESS) {
        bad++;
        answer(peer, "501 5.1.3 which address?\r\n");
        return;
    }
    size_t size = (size_t)(close - open - 1);
    add_name(&people, open + 1, size);
    if (mark[0] && size >= strlen(mark) && !memcmp(open + 1, mark, strlen(mark))) {
        memcpy(peer->marked, open + 1, size);
        peer->marked[size] = 0;
    }
    peer->recipients++;
    answer(peer, "250 2.1.5 ok\r\n");
}

/* Take one line of a command; 1 when the peer leaves. */
static int command(Dialogue *peer, const char *line, size_t length) {
    if (length < 4) {
        bad++;
        answer(peer, "500 5.5.2 what?\r\n");
    } else if (!strncasecmp(line, "EHLO", 4)) {
        answer(peer, "250-fastsink\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n");
    } else if (!strncasecmp(line, "MAIL", 4)) {
        peer->recipients = 0;
        peer->marked[0] = 0;
        answer(peer, "250 2.1.0 ok\r\n");
    } else if (!strncasecmp(line, "RCPT", 4)) {
        recipient(peer, line, length);
    } else if (!strncasecmp(line, "DATA", 4)) {
        if (!peer->recipients) {
            bad++;
            answer(peer, "554 5.5.1 to whom?\r\n");
        } else {
            peer->in_data = peer->in_head = 1;
            answer(peer, "354 go ahead\r\n");
        }
    } else if (!strncasecmp(line, "QUIT", 4)) {
        answer(peer, "221 2.0.0 bye\r\n");
        return 1;
    } else if (!strncasecmp(line, "RSET", 4) || !strncasecmp(line, "NOOP", 4) || !strncasecmp(line, "HELO", 4)) {
        answer(peer, "250 2.0.0 ok\r\n");
    } else {
        bad++;
        answer(peer, "502 5.5.1 not here\r\n");
    }
    return 0;
}

static void content(Dialogue *peer, const char *line, size_t length) {
    if (line[0] == '.' && length == 3) {
        accepted(peer);
    } else if (peer->in_head) {
        if (length == 2) peer->in_head = 0;
        else if (length > 13 && !strncasecmp(line, "message-id:", 11)) add_name(&ids, line + 11, length - 13);
    }
}

/* Read what came and take every whole line of it; 0 when the connection is over. */
static int hear(Dialogue *peer) {
    if (peer->leaving) peer->filled = 0;
    ssize_t got = read(peer->socket, peer->buffer + peer->filled, ROOM - peer->filled);
    if (got <= 0) return got < 0 && errno == EAGAIN;
    if (peer->leaving) return 1;
    bytes += (unsigned long)got;
    char *line = peer->buffer, *end = peer->buffer + peer->filled + got, *stop, *from = peer->buffer + peer->filled;
    while ((stop = memchr(from, '\n', (size_t)(end - from)))) {
        size_t length = (size_t)(stop - line) + 1;
        if (peer->in_data) {
            content(peer, line, length);
        } else if (command(peer, line, length)) {
            flush_to(peer);
            peer->leaving = 1;
            return peer->waiting; /* what is still on its way reaches it first */
        }
        line = from = stop + 1;
    }
    peer->filled = (size_t)(end - line);
    if (peer->filled == ROOM) peer->filled = 0, bad++; /* one line of 256 kB: nothing we send */
    memmove(peer->buffer, line, peer->filled);
    flush_to(peer);
    return 1;
}

static void greet(int poller, int listener) {
    int one = 1, socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (socket < 0) return;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    Dialogue *peer = must(calloc(1, sizeof *peer));
    peer->socket = socket;
    connections++;
    watch(poller, socket, peer);
    answer(peer, "220 fastsink ESMTP\r\n");
    flush_to(peer);
}

static void tell(void) {
    printf("{\"taken\": %lu, \"bytes\": %lu, \"connections\": %lu, \"bad\": %lu, \"recipients\": %zu, \"message_ids\": %zu, "
           "\"first\": %.6f, \"last\": %.6f, \"marked\": [",
           taken, bytes, connections, bad, people.used, ids.used, first, last);
    for (size_t i = 0; i < marked; i++) printf("%s[\"%s\", %.6f]", i ? ", " : "", marks[i].address, marks[i].at);
    printf("]}\n");
    fflush(stdout);
}

/* Do what standard input says; 0 at its end. */
static int obey(void) {
    char orders[64];
    ssize_t got = read(0, orders, sizeof orders);
    for (ssize_t i = 0; i < got; i++) {
        if (orders[i] == 's') tell();
        if (orders[i] == 'r') {
            taken = bytes = connections = bad = marked = 0;
            first = last = 0;
            forget(&people);
            forget(&ids);
        }
    }
    return got > 0;
}

int main(int count, char **words) {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN); /* Ctrl-C is for the benchmark, which then closes our input */
    delay = count > 1 ? atof(words[1]) / 1000 : 0;
    mark = count > 2 ? words[2] : "";
    int listener = listen_here(), poller = epoll_create1(0), orders = 0;
    struct epoll_event events[EVENTS];
    watch(poller, listener, &listener);
    watch(poller, 0, &orders);
    for (;;) {
        int found = epoll_wait(poller, events, EVENTS, send_due());
        for (int i = 0; i < found; i++) {
            void *tag = events[i].data.ptr;
            if (tag == &listener) greet(poller, listener);
            else if (tag == &orders) {
                if (!obey()) {
                    tell();
                    return 0;
                }
            } else if (!hear(tag)) hang_up(tag);
        }
    }
}
