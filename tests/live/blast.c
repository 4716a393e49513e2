// SPDX-License-Identifier: Apache-2.0
/*
 * Sends frames of capture files, RATE a second where the machine can: those of BACKGROUND over and over, and
 * among them, spread over the time, those of PLANTED, once each and in their order. Each round of the
 * background is between other hosts: the round's number is the second octet of both addresses in the IPv4
 * header that begins OFFSET bytes into each frame. THREADS share the background, each with rounds of its own;
 * the first sends what is planted. Prints frames sent, frames that the kernel did not take, and seconds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, FILE_HEADER = 24, FRAME_HEADER = 16, SOURCE = 13, DESTINATION = 17, MAX_THREADS = 4 };

struct frames {
    uint8_t **data;
    uint32_t *lengths;
    size_t count;
};

static void fail(const char *what)
{
    fprintf(stderr, "blast: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void *need(void *memory)
{
    if (memory == NULL)
        fail("memory");
    return memory;
}

/* A pcap file in this machine's byte order, as the tests write it. */
static struct frames read_frames(const char *path)
{
    struct frames frames = {0};
    uint8_t header[FILE_HEADER];
    FILE *file = fopen(path, "rbe");
    if (file == NULL || fread(header, 1, sizeof header, file) != sizeof header)
        fail(path);
    while (fread(header, 1, FRAME_HEADER, file) == FRAME_HEADER) {
        uint32_t length;
        memcpy(&length, header + 8, sizeof length);
        if ((frames.count & (frames.count - 1)) == 0) {
            size_t room = frames.count == 0 ? 1 : frames.count * 2;
            frames.data = need(realloc(frames.data, room * sizeof *frames.data));
            frames.lengths = need(realloc(frames.lengths, room * sizeof *frames.lengths));
        }
        frames.lengths[frames.count] = length;
        frames.data[frames.count] = need(malloc(length));
        if (fread(frames.data[frames.count++], 1, length, file) != length)
            fail(path);
    }
    fclose(file);
    return frames;
}

static int open_port(const char *interface)
{
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(interface)};
    if (fd < 0 || address.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
        fail(interface);
    return fd;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct blast {
    struct frames background, planted;
    double seconds, rate, passed;
    size_t offset;
    size_t sent, lost, next, next_planted;
    int fd;
    uint8_t round, rounds; /* of all threads */
};

/* The frame whose turn it is: a planted one where its time has come, at `passed` of the whole. */
static struct iovec choose(struct blast *blast, double passed)
{
    /* the last one goes out well before the end */
    if (blast->next_planted < blast->planted.count &&
        (double)blast->next_planted < passed * 1.1 * (double)blast->planted.count) {
        size_t i = blast->next_planted++;
        return (struct iovec){blast->planted.data[i], blast->planted.lengths[i]};
    }
    if (blast->next == blast->background.count) {
        blast->next = 0;
        blast->round = (uint8_t)(blast->round + blast->rounds);
    }
    uint8_t *frame = blast->background.data[blast->next];
    frame[blast->offset + SOURCE] = frame[blast->offset + DESTINATION] = blast->round;
    return (struct iovec){frame, blast->background.lengths[blast->next++]};
}

static void send_batch(struct blast *blast)
{
    struct mmsghdr messages[BATCH] = {0};
    struct iovec parts[BATCH];
    for (size_t i = 0; i < BATCH; i++) {
        parts[i] = choose(blast, blast->passed / blast->seconds);
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
    }
    for (size_t done = 0; done < BATCH;) {
        int sent = sendmmsg(blast->fd, messages + done, (unsigned)(BATCH - done), 0);
        if (sent < 0 && errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
            fail("sending");
        done += sent > 0 ? (size_t)sent : 1;
        blast->sent += sent > 0 ? (size_t)sent : 0;
        blast->lost += sent <= 0;
    }
}

static void *send_all(void *context)
{
    struct blast *blast = context;
    const double begin = now_s();
    while (blast->passed < blast->seconds) {
        double ahead = (double)(blast->sent + blast->lost) / blast->rate - blast->passed;
        if (ahead > 0.0005) {
            const struct timespec pause = {.tv_nsec = 200000};
            nanosleep(&pause, NULL);
        } else {
            send_batch(blast);
        }
        blast->passed = now_s() - begin;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct blast blasts[MAX_THREADS] = {0};
    pthread_t threads[MAX_THREADS];
    size_t count = argc == 8 ? strtoul(argv[7], NULL, 10) : 0;
    if (count == 0 || count > MAX_THREADS) {
        fputs("usage: blast INTERFACE BACKGROUND PLANTED OFFSET SECONDS RATE THREADS\n", stderr);
        return 64;
    }
    for (size_t i = 0; i < count; i++) {
        blasts[i] =
            (struct blast){.fd = open_port(argv[1]),
                           .background = read_frames(argv[2]), /* which each thread changes as it goes */
                           .offset = strtoul(argv[4], NULL, 10),
                           .seconds = strtod(argv[5], NULL),
                           .rate = strtod(argv[6], NULL) / (double)count,
                           .round = (uint8_t)i,
                           .rounds = (uint8_t)count};
    }
    blasts[0].planted = read_frames(argv[3]);
    for (size_t i = 0; i < count; i++)
        if ((errno = pthread_create(&threads[i], NULL, send_all, &blasts[i])) != 0)
            fail("threads");
    size_t sent = 0, lost = 0;
    for (size_t i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
        sent += blasts[i].sent;
        lost += blasts[i].lost;
    }
    printf("%zu %zu %.3f\n", sent, lost, blasts[0].passed);
    return blasts[0].next_planted < blasts[0].planted.count;
}
