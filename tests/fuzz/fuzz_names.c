// SPDX-License-Identifier: Apache-2.0
/*
 * The table of names, of which far more are learned than it holds: what is found is what was learned last,
 * never too old, and what was learned just now is there.
 *
 * Input: a byte that says how large the table is, then steps: a byte of the client (2 bits), the address (4
 * bits) and whether it is marked (1 bit), a byte by how many seconds time goes on or back, a byte of the
 * name's length, and the name.
 */
#include "fuzzing.h"

#include "base/host_name.h"
#include "intel/names.h"

enum { CLIENTS = 4, ADDRESSES = 16, MAX_AGE_S = 60, MAX_STEPS = 400, NAME_SIZE = HOST_NAME_MAX_LENGTH + 1 };

/* What a key had last; the key of who asks without a name is behind the clients. */
struct learned {
    char name[NAME_SIZE]; /* "": nothing */
    int64_t time_us;
};

struct run {
    struct names *names;
    struct learned learned[CLIENTS + 1][ADDRESSES];
    uint16_t marked;
};

static struct address address_at(uint8_t net, uint8_t number)
{
    const uint8_t bytes[4] = {10, 0, net, number};
    return address_from_ipv4(bytes);
}

static uint8_t number_of(const struct address *address)
{
    return address->bytes[sizeof address->bytes - 1];
}

/* `text` is NULL, or what the key had last. */
static void check_found(const char *text, const struct learned *learned, int64_t now_us)
{
    if (text != NULL)
        require(learned->name[0] != '\0' && strcmp(text, learned->name) == 0 &&
                now_us - learned->time_us <= MAX_AGE_S * INT64_C(1000000));
}

static void find_all(const struct run *run, int64_t now_us)
{
    for (uint8_t i = 0; i < ADDRESSES; i++) {
        struct address address = address_at(2, i);
        const char *anybody = names_find_own(run->names, NULL, &address, now_us, MAX_AGE_S);
        check_found(anybody, &run->learned[CLIENTS][i], now_us);
        for (uint8_t c = 0; c < CLIENTS; c++) {
            struct address client = address_at(1, c);
            const char *own = names_find_own(run->names, &client, &address, now_us, MAX_AGE_S);
            check_found(own, &run->learned[c][i], now_us);
            require(names_find(run->names, &client, &address, now_us, MAX_AGE_S) ==
                    (own != NULL ? own : anybody));
        }
        require((run->marked >> i & 1) == 0 || names_is_marked(run->names, &address));
    }
}

static void learn(struct run *run, uint8_t client_number, uint8_t number, const char *name, int64_t now_us)
{
    char folded[NAME_SIZE];
    struct address client = address_at(1, client_number), address = address_at(2, number);
    const char *new_name = names_learn(run->names, &client, &address, name, now_us);
    if (host_name_fold(name, folded) == 0) {
        require(new_name == NULL);
        return;
    }
    require(new_name == NULL || strcmp(new_name, folded) == 0);
    struct learned *keys[2] = {&run->learned[client_number][number], &run->learned[CLIENTS][number]};
    for (int i = 0; i < 2; i++) {
        memcpy(keys[i]->name, folded, sizeof folded);
        keys[i]->time_us = now_us;
    }
    const char *found = names_find_own(run->names, NULL, &address, now_us, MAX_AGE_S);
    require(found != NULL && strcmp(found, folded) == 0);
}

/* A name stands beside an address only as some client or anybody had it last. */
static void check_each(void *context, const struct address *address, const char *name)
{
    const struct run *run = context;
    bool found = false;
    for (size_t i = 0; i <= CLIENTS; i++)
        found = found || strcmp(run->learned[i][number_of(address)].name, name) == 0;
    require(found);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const uint8_t secret[16] = {1, 2, 3};
    static struct run run;
    const uint8_t *end = bytes + length;
    if (length == 0)
        return 0;
    memset(&run, 0, sizeof run);
    run.names = names_create((uint32_t)*bytes++ + 1, secret, NULL);
    require(run.names != NULL);
    int64_t now_us = 0;
    for (int steps = 0; steps < MAX_STEPS && end - bytes > 3; steps++) {
        uint8_t client = bytes[0] & 3, number = bytes[0] >> 2 & 15;
        size_t size = bytes[2] < end - bytes - 3 ? bytes[2] : (size_t)(end - bytes - 3);
        char *name = strndup((const char *)bytes + 3, size); /* ends at a NUL */
        require(name != NULL);
        now_us += (int8_t)bytes[1] * INT64_C(1000000);
        if ((bytes[0] & 64) != 0) {
            struct address marked = address_at(2, number);
            names_mark(run.names, &marked);
            run.marked |= (uint16_t)(1u << number);
        }
        learn(&run, client, number, name, now_us);
        find_all(&run, now_us);
        free(name);
        bytes += 3 + size;
    }
    names_each(run.names, check_each, &run);
    names_free(run.names);
    return 0;
}
