// SPDX-License-Identifier: Apache-2.0
#include "redis/redis_cluster.h"

#include "base/clock.h"
#include "redis/redis_redirect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    MAX_NODES = 16,
    MAX_REDIRECTS = 5,   /* of one command: a cluster that moves slots in a circle is not followed for ever */
    AWAY_MS = 30 * 1000, /* so long, a node that does not matter is not tried again */
};

/* Answers of a node come in the order in which it was sent commands; both are counted. */
struct node {
    struct redis_link *link; /* NULL: free */
    uint64_t sent, answered;
};

/* A command that is not answered to the caller yet. */
struct pending {
    unsigned node;
    uint64_t order; /* it was the so many-th command of the node */
    int slot;
    size_t begin, length; /* in `bytes` */
    struct redis_reply *reply;
};

struct redis_cluster {
    struct redis_login login;
    int home; /* the slot that matters; REDIS_NO_SLOT: all */
    int64_t away_until_ms;
    struct node nodes[MAX_NODES];      /* the first is there as long as the cluster */
    uint8_t node_of_slot[REDIS_SLOTS]; /* 0 where nothing is known */
    struct pending *pending;
    size_t pending_first, pending_count, pending_size;
    char *bytes; /* of the pending commands */
    size_t length, size;
};

static int64_t now_ms(void)
{
    return clock_us(CLOCK_MONOTONIC) / 1000;
}

struct redis_cluster *redis_cluster_open(const struct redis_login *login, struct error *error)
{
    struct redis_cluster *cluster = calloc(1, sizeof *cluster);
    if (cluster == NULL) {
        error_set(error, STATUS_FAILED, "cannot connect to Redis: out of memory");
        return NULL;
    }
    cluster->login = *login;
    cluster->home = login->home[0] != '\0' ? redis_slot(login->home, strlen(login->home)) : REDIS_NO_SLOT;
    unsigned count = login->url.address_count, first = (unsigned)(clock_us(CLOCK_MONOTONIC) % count);
    for (unsigned i = 0; i < count && cluster->nodes[0].link == NULL; i++)
        cluster->nodes[0].link =
            redis_link_open(login, &login->url.addresses[(first + i) % count], REDIS_ROLE_SERVER, error);
    if (cluster->nodes[0].link != NULL)
        return cluster;
    redis_cluster_close(cluster);
    return NULL;
}

void redis_cluster_close(struct redis_cluster *cluster)
{
    if (cluster == NULL)
        return;
    for (unsigned i = 0; i < MAX_NODES; i++)
        redis_link_close(cluster->nodes[i].link);
    for (size_t i = 0; i < cluster->pending_count; i++)
        redis_reply_free(cluster->pending[cluster->pending_first + i].reply);
    explicit_bzero(&cluster->login, sizeof cluster->login);
    free(cluster->pending);
    free(cluster->bytes);
    free(cluster);
}

const struct redis_address *redis_cluster_address(const struct redis_cluster *cluster)
{
    return redis_link_address(cluster->nodes[0].link);
}

/* Room for one more pending command of `length` bytes, which are copied. */
static struct pending *add_pending(struct redis_cluster *cluster, const char *command, size_t length)
{
    size_t end = cluster->pending_first + cluster->pending_count;
    if (cluster->size - cluster->length < length) {
        size_t size = (cluster->size + length) * 2;
        char *bytes = realloc(cluster->bytes, size);
        if (bytes == NULL)
            return NULL;
        cluster->bytes = bytes;
        cluster->size = size;
    }
    if (end == cluster->pending_size) {
        size_t size = cluster->pending_size == 0 ? 128 : cluster->pending_size * 2;
        struct pending *grown = realloc(cluster->pending, size * sizeof *grown);
        if (grown == NULL)
            return NULL;
        cluster->pending = grown;
        cluster->pending_size = size;
    }
    memcpy(cluster->bytes + cluster->length, command, length);
    cluster->pending[end] = (struct pending){.begin = cluster->length, .length = length};
    cluster->length += length;
    cluster->pending_count++;
    return &cluster->pending[end];
}

static bool send_to(struct redis_cluster *cluster, unsigned index, struct pending *pending)
{
    struct node *node = &cluster->nodes[index];
    pending->node = index;
    pending->order = ++node->sent;
    return redis_link_send(node->link, cluster->bytes + pending->begin, pending->length);
}

bool redis_cluster_send(struct redis_cluster *cluster, const char *commands, size_t length)
{
    while (length > 0) {
        size_t one = redis_command_length(commands, length);
        struct pending *pending = one > 0 ? add_pending(cluster, commands, one) : NULL;
        if (pending == NULL)
            return false;
        pending->slot = redis_command_slot(commands, one);
        if (!send_to(cluster, pending->slot >= 0 ? cluster->node_of_slot[pending->slot] : 0, pending))
            return false;
        commands += one;
        length -= one;
    }
    return true;
}

static bool matters(const struct redis_cluster *cluster, const struct pending *pending)
{
    return cluster->home == REDIS_NO_SLOT || pending->slot == cluster->home || pending->slot == REDIS_NO_SLOT;
}

static void forget_node(struct redis_cluster *cluster, unsigned index)
{
    redis_link_close(cluster->nodes[index].link);
    cluster->nodes[index] = (struct node){.link = NULL};
    for (size_t slot = 0; slot < REDIS_SLOTS; slot++)
        if (cluster->node_of_slot[slot] == index)
            cluster->node_of_slot[slot] = 0;
}

/* The command counts as refused, for `why`. */
static bool refuse(struct pending *pending, const struct error *why)
{
    char text[sizeof why->text + 32];
    redis_reply_free(pending->reply);
    int length = snprintf(text, sizeof text, "ERR a node of the cluster is away: %s", why->text);
    pending->reply = redis_reply_create(sizeof text + 64);
    return pending->reply != NULL &&
           redis_reply_set_text(pending->reply, redis_reply_place(pending->reply, NULL, 0), REDIS_VALUE_ERROR,
                                text, (size_t)length);
}

/* A node was lost. Where none of what it has not answered matters, that is refused, and the others go on. */
static bool go_on_without(struct redis_cluster *cluster, unsigned index, const struct error *why)
{
    struct pending *begin = cluster->pending + cluster->pending_first, *end = begin + cluster->pending_count;
    bool all_refused = index > 0;
    for (struct pending *pending = begin; pending < end && all_refused; pending++)
        if (pending->node == index && pending->reply == NULL)
            all_refused = !matters(cluster, pending) && refuse(pending, why);
    if (all_refused)
        forget_node(cluster, index);
    return all_refused;
}

/* The next answer of a node finds the command that it belongs to; that to ASKING has none. */
static enum redis_read read_node(struct redis_cluster *cluster, unsigned index, uint64_t timeout_ms,
                                 struct error *error)
{
    struct node *node = &cluster->nodes[index];
    struct redis_reply *reply = NULL;
    enum redis_read result = redis_link_read(node->link, timeout_ms, &reply, error);
    if (result != REDIS_READ_REPLY)
        return result;
    node->answered++;
    struct pending *pending = cluster->pending + cluster->pending_first;
    for (size_t i = 0; i < cluster->pending_count; i++, pending++)
        if (pending->node == index && pending->order == node->answered && pending->reply == NULL) {
            pending->reply = reply;
            return REDIS_READ_REPLY;
        }
    redis_reply_free(reply);
    return REDIS_READ_REPLY;
}

static bool is_at(const struct redis_link *link, const struct redis_address *address)
{
    return link != NULL && redis_link_address(link)->port == address->port &&
           strcmp(redis_link_address(link)->host, address->host) == 0;
}

/* The index of the connection to a node, which is opened where there is none; -1 where it cannot be. */
static int get_node(struct redis_cluster *cluster, const struct redis_address *address, struct error *error)
{
    int unused = -1;
    for (int i = MAX_NODES - 1; i >= 0; i--) {
        const struct node *node = &cluster->nodes[i];
        if (is_at(node->link, address))
            return i;
        bool is_better = unused < 0 || cluster->nodes[unused].link != NULL;
        if (node->link == NULL || (i > 0 && is_better && node->sent == node->answered))
            unused = i;
    }
    if (unused < 0) {
        error_set(error, STATUS_FAILED, "the Redis cluster sends commands to more than %d nodes at once",
                  MAX_NODES);
        return -1;
    }
    forget_node(cluster, (unsigned)unused);
    cluster->nodes[unused].link = redis_link_open(&cluster->login, address, REDIS_ROLE_SERVER, error);
    return cluster->nodes[unused].link != NULL ? unused : -1;
}

/* Sends a command again where it belongs. */
static bool follow(struct redis_cluster *cluster, struct pending *pending, struct redis_redirect *redirect,
                   struct error *error)
{
    static const char asking[] = "*1\r\n$6\r\nASKING\r\n";
    const struct redis_address *from = redis_link_address(cluster->nodes[pending->node].link);
    struct redis_address *to = &redirect->address;
    if (to->host[0] == '\0')
        redis_address_set(to, from->host, strlen(from->host), to->port);
    if (!matters(cluster, pending) && now_ms() < cluster->away_until_ms)
        return error_set(error, STATUS_FAILED, "%s did not answer a moment ago", to->text);
    int index = get_node(cluster, to, error);
    if (index < 0) {
        cluster->away_until_ms = now_ms() + AWAY_MS;
        return false;
    }
    struct node *node = &cluster->nodes[index];
    if (!redirect->is_ask)
        cluster->node_of_slot[redirect->slot] = (uint8_t)index;
    if (redirect->is_ask) {
        node->sent++;
        if (!redis_link_send(node->link, asking, sizeof asking - 1))
            return error_set(error, STATUS_FAILED, "cannot send a command to Redis: out of memory");
    }
    redis_reply_free(pending->reply);
    pending->reply = NULL;
    return send_to(cluster, (unsigned)index, pending) ||
           error_set(error, STATUS_FAILED, "cannot send a command to Redis: out of memory");
}

static bool is_redirect(const struct redis_reply *reply, struct redis_redirect *redirect)
{
    const struct redis_value *root = redis_reply_root(reply);
    return root->type == REDIS_VALUE_ERROR && redis_redirect_read(root->text, root->length, redirect);
}

/* Until the first pending command has an answer that is none of where to ask. */
static enum redis_read complete(struct redis_cluster *cluster, struct pending *pending, uint64_t timeout_ms,
                                struct error *error)
{
    struct redis_redirect redirect;
    for (unsigned redirects = 0;;) {
        if (pending->reply == NULL) {
            enum redis_read result = read_node(cluster, pending->node, timeout_ms, error);
            if (result == REDIS_READ_NOTHING ||
                (result == REDIS_READ_BROKEN && !go_on_without(cluster, pending->node, error)))
                return result;
            continue;
        }
        if (!is_redirect(pending->reply, &redirect) || redirects++ == MAX_REDIRECTS)
            return REDIS_READ_REPLY;
        if (!follow(cluster, pending, &redirect, error) &&
            (matters(cluster, pending) || !refuse(pending, error)))
            return REDIS_READ_BROKEN;
    }
}

enum redis_read redis_cluster_read(struct redis_cluster *cluster, uint64_t timeout_ms,
                                   struct redis_reply **reply, struct error *error)
{
    if (cluster->pending_count == 0)
        return redis_link_read(cluster->nodes[0].link, timeout_ms, reply, error);
    struct pending *pending = cluster->pending + cluster->pending_first;
    enum redis_read result = complete(cluster, pending, timeout_ms, error);
    if (result != REDIS_READ_REPLY)
        return result;
    *reply = pending->reply;
    cluster->pending_first++;
    if (--cluster->pending_count == 0)
        cluster->pending_first = cluster->length = 0;
    return REDIS_READ_REPLY;
}
