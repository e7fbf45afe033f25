/* What the receivers of the benchmarks share: a loopback port, a clock, a set of names seen, and orders on standard input. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Seconds of CLOCK_MONOTONIC, which Python's time.monotonic() reads too. */
static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void *must(void *memory) {
    if (memory == NULL) {
        perror("memory");
        exit(1);
    }
    return memory;
}

/* Names seen, as 64-bit hashes in an open table at most half full; two names that hash alike would count as one
   (once in about 10^7 runs of a million names). */
typedef struct {
    uint64_t *slots;
    size_t size, used;
} Seen;

static uint64_t hash_of(const char *text, size_t length) {
    uint64_t hash = 1469598103934665603u;
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    hash ^= hash >> 32;
    return hash ? hash : 1;
}

static int add_hash(Seen *seen, uint64_t hash);

static void grow(Seen *seen) {
    Seen larger = {must(calloc(seen->size ? seen->size * 2 : 4096, sizeof(uint64_t))), seen->size ? seen->size * 2 : 4096, 0};
    for (size_t i = 0; i < seen->size; i++)
        if (seen->slots[i]) add_hash(&larger, seen->slots[i]);
    free(seen->slots);
    *seen = larger;
}

static int add_hash(Seen *seen, uint64_t hash) {
    if (seen->used * 2 >= seen->size) grow(seen);
    size_t at = hash & (seen->size - 1);
    while (seen->slots[at]) {
        if (seen->slots[at] == hash) return 0;
        at = (at + 1) & (seen->size - 1);
    }
    seen->slots[at] = hash;
    seen->used++;
    return 1;
}

/* Note a name; 0 when it was there already. */
static int add_name(Seen *seen, const char *text, size_t length) { return add_hash(seen, hash_of(text, length)); }

static void forget(Seen *seen) {
    free(seen->slots);
    memset(seen, 0, sizeof *seen);
}

/* Listen on a free loopback port, say which on standard output, and return the socket. */
static int listen_here(void) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&here, size) || listen(listener, 1024) ||
        getsockname(listener, (struct sockaddr *)&here, &size)) {
        perror("listen");
        exit(1);
    }
    printf("%d\n", ntohs(here.sin_port));
    fflush(stdout);
    return listener;
}

static void watch(int poller, int socket, void *tag) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = tag};
    epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event);
}

/* Write everything; a peer that does not read within a second gets the rest never. */
static void write_all(int socket, const char *text, size_t length) {
    while (length) {
        ssize_t done = write(socket, text, length);
        if (done < 0 && errno == EAGAIN) {
            struct pollfd room = {.fd = socket, .events = POLLOUT};
            if (poll(&room, 1, 1000) < 1) return;
        } else if (done < 0) {
            return;
        } else {
            text += done;
            length -= (size_t)done;
        }
    }
}
