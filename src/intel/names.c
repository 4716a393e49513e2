// SPDX-License-Identifier: Apache-2.0
/*
 * A set-associative table: a key belongs into one set of eight entries, where the one learned longest ago
 * makes room. The texts stand in a ring, which overwrites the oldest; an entry knows from its position
 * whether its text still stands.
 */
#include "intel/names.h"

#include "base/host_name.h"
#include "base/siphash.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>

enum { WAYS = 8, MAX_NAME = 253, MIN_RING = 4096, BYTES_PER_ENTRY = 32, MAX_ENTRIES = 1 << 24 };
enum { MARKS = 1 << 16 };
enum { CACHE_LINE = 64, HUGE_PAGE = 2 * 1024 * 1024 };

struct key {
    struct address address;
    struct address client; /* zeros: anybody */
};

struct entry {
    struct key key;
    int64_t learned_us;
    uint64_t position; /* of the text, counted from the first byte ever written; never 0 */
};

/* Where a key belongs. What is new is told from what is known by a byte of the keys' hashes, without reading
 * the entries, which are mostly far from the processor. The bytes of a set are one word, the first entry's
 * the lowest; 0 where it is not in use: they are filled in order, and those not in use are never read. */
struct set {
    struct entry *entries;
    uint64_t *tags;
    uint8_t tag; /* of the key; not 0 */
};

struct names {
    struct entry *entries; /* behind them the sets' tags */
    uint64_t *tags;
    uint64_t set_mask;
    char *ring;
    uint64_t ring_size;
    uint64_t head; /* position where the next text goes */
    uint64_t secret[2];
    bool any_marked;
    uint64_t marks[MARKS / 64]; /* a bit for each hash of an address */
};

/* A table that is large is used at random all over: in huge pages that misses the address translation half as
 * often, which is most of what learning a name costs. */
static bool make_table(struct names *names, size_t sets)
{
    size_t entries = sets * WAYS * sizeof(struct entry), bytes = entries + sets * sizeof(uint64_t);
    size_t page = bytes < HUGE_PAGE ? CACHE_LINE : HUGE_PAGE;
    bytes = (bytes + page - 1) / page * page;
    names->entries = aligned_alloc(page, bytes);
    if (names->entries == NULL)
        return false;
    if (page == HUGE_PAGE)
        (void)madvise(names->entries, bytes, MADV_HUGEPAGE); /* only advice */
    names->tags = (uint64_t *)(void *)((uint8_t *)names->entries + entries);
    memset(names->tags, 0, sets * sizeof *names->tags);
    return true;
}

struct names *names_create(uint32_t max_entries, const uint8_t secret[static 16], struct error *error)
{
    if (max_entries == 0 || max_entries > MAX_ENTRIES) {
        error_set(error, STATUS_CONFIGURATION, "cannot remember %u names; give a number from 1 to %d",
                  max_entries, MAX_ENTRIES);
        return NULL;
    }
    size_t sets = 1;
    while (sets * WAYS < max_entries)
        sets *= 2;
    struct names *names = calloc(1, sizeof *names);
    if (names == NULL)
        goto out_of_memory;
    names->set_mask = sets - 1;
    names->ring_size = sets * WAYS * BYTES_PER_ENTRY < MIN_RING ? MIN_RING : sets * WAYS * BYTES_PER_ENTRY;
    names->ring = calloc(names->ring_size, 1);
    if (names->ring == NULL || !make_table(names, sets))
        goto out_of_memory;
    names->head = names->ring_size; /* so that no text has position 0 */
    memcpy(names->secret, secret, sizeof names->secret);
    return names;
out_of_memory:
    names_free(names);
    error_set(error, STATUS_FAILED, "out of memory for %u names; remember fewer", max_entries);
    return NULL;
}

void names_free(struct names *names)
{
    if (names == NULL)
        return;
    free(names->entries);
    free(names->ring);
    free(names);
}

static uint64_t hash_address(struct siphash_state *state, const struct address *address)
{
    uint64_t words[2];
    memcpy(words, address, sizeof words);
    siphash_absorb(state, words[0]);
    siphash_absorb(state, words[1]);
    return siphash_end(state);
}

static struct set set_of(const struct names *names, const struct key *key)
{
    struct siphash_state state = siphash_begin(names->secret[0], names->secret[1]);
    uint64_t words[2];
    memcpy(words, &key->client, sizeof words);
    siphash_absorb(&state, words[0]);
    siphash_absorb(&state, words[1]);
    uint64_t hash = hash_address(&state, &key->address), set = hash & names->set_mask;
    uint8_t tag = (uint8_t)(hash >> 56);
    return (struct set){names->entries + set * WAYS, names->tags + set, tag != 0 ? tag : 1};
}

/* The upper bit of each byte of `tags` that is `tag`: all are compared at once, for how many there are is
 * different in each set, and guessed wrong. */
static uint64_t having(uint64_t tags, uint8_t tag)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones * 0x80;
    uint64_t differences = tags ^ ones * tag;
    return ~(((differences & ~tops) + ~tops) | differences) & tops;
}

static unsigned first_of(uint64_t tops)
{
    return (unsigned)__builtin_ctzll(tops) / 8;
}

static struct entry *find_in(struct set set, const struct key *key)
{
    for (uint64_t left = having(*set.tags, set.tag); left != 0; left &= left - 1) {
        struct entry *entry = &set.entries[first_of(left)];
        if (address_equal(&entry->key.address, &key->address) &&
            address_equal(&entry->key.client, &key->client))
            return entry;
    }
    return NULL;
}

/* The entry of the key, else an empty one, else the one learned longest ago. */
static struct entry *get_in(struct set set, const struct key *key)
{
    struct entry *known = find_in(set, key);
    uint64_t empty = having(*set.tags, 0);
    unsigned oldest = 0;
    if (known != NULL)
        return known;
    if (empty != 0)
        oldest = first_of(empty);
    else
        for (unsigned i = 1; i < WAYS; i++)
            if (set.entries[i].learned_us < set.entries[oldest].learned_us)
                oldest = i;
    *set.tags &= ~(UINT64_C(0xff) << 8 * oldest);
    *set.tags |= (uint64_t)set.tag << 8 * oldest;
    return &set.entries[oldest];
}

/* What get_in() reads or writes for a key that is not known: of a full set all entries. */
static void prefetch(struct set set)
{
    uint64_t empty = having(*set.tags, 0);
    if (empty != 0)
        __builtin_prefetch(&set.entries[first_of(empty)]);
    else
        for (unsigned i = 0; i < WAYS; i++)
            __builtin_prefetch(&set.entries[i]);
}

/* NULL where it was overwritten. */
static const char *text_of(const struct names *names, uint64_t position)
{
    return position + names->ring_size < names->head ? NULL : names->ring + position % names->ring_size;
}

static uint64_t write_text(struct names *names, const char *text, size_t length)
{
    uint64_t left = names->ring_size - names->head % names->ring_size;
    if (left < length + 1)
        names->head += left;
    uint64_t position = names->head;
    char *to = names->ring + position % names->ring_size;
    host_name_lower(to, text, length);
    to[length] = '\0';
    names->head += length + 1;
    return position;
}

/* Whether the text of `position` is the name and will stand for a while: a host that is asked for again and
 * again does not fill the ring. */
static bool still_stands(const struct names *names, uint64_t position, const char *name, size_t length)
{
    const char *text = names->head - position > names->ring_size / 2 ? NULL : text_of(names, position);
    return text != NULL && strlen(text) == length && strncasecmp(text, name, length) == 0;
}

const char *names_learn(struct names *names, const struct address *client, const struct address *address,
                        const char *name, int64_t now_us)
{
    size_t length = strnlen(name, MAX_NAME + 2);
    if (length > 0 && name[length - 1] == '.')
        length--;
    if (length == 0 || length > MAX_NAME)
        return NULL;
    struct key keys[2] = {{.address = *address, .client = *client}, {.address = *address}};
    struct set sets[2];
    uint64_t position = 0;
    for (int i = 0; i < 2; i++) {
        sets[i] = set_of(names, &keys[i]);
        prefetch(sets[i]);
    }
    for (int i = 0; i < 2; i++) {
        const struct entry *known = find_in(sets[i], &keys[i]);
        if (known != NULL && still_stands(names, known->position, name, length))
            position = known->position;
    }
    bool is_new = position == 0;
    if (is_new)
        position = write_text(names, name, length);
    for (int i = 0; i < 2; i++)
        *get_in(sets[i], &keys[i]) = (struct entry){keys[i], now_us, position};
    return is_new ? text_of(names, position) : NULL;
}

/* ---- marks ---- */

static uint64_t bit_of(const struct names *names, const struct address *address)
{
    struct siphash_state state = siphash_begin(names->secret[0], names->secret[1]);
    return hash_address(&state, address) % MARKS;
}

void names_mark(struct names *names, const struct address *address)
{
    uint64_t bit = bit_of(names, address);
    names->any_marked = true;
    names->marks[bit / 64] |= UINT64_C(1) << bit % 64;
}

bool names_is_marked(const struct names *names, const struct address *address)
{
    if (!names->any_marked)
        return false;
    uint64_t bit = bit_of(names, address);
    return (names->marks[bit / 64] >> bit % 64 & 1) != 0;
}

void names_each(const struct names *names,
                void (*visit)(void *context, const struct address *address, const char *name), void *context)
{
    for (uint64_t set = 0; set <= names->set_mask; set++)
        for (unsigned i = 0; i < WAYS && (names->tags[set] >> 8 * i & 0xff) != 0; i++) {
            const struct entry *entry = &names->entries[set * WAYS + i];
            const char *text = text_of(names, entry->position);
            if (text != NULL)
                visit(context, &entry->key.address, text);
        }
}

/* ---- find ---- */

static const char *find_text(const struct names *names, const struct key *key, int64_t now_us,
                             uint32_t max_age_s)
{
    const struct entry *entry = find_in(set_of(names, key), key);
    int64_t age_us;
    if (entry == NULL || __builtin_sub_overflow(now_us, entry->learned_us, &age_us) ||
        age_us > (int64_t)max_age_s * 1000000)
        return NULL;
    return text_of(names, entry->position);
}

const char *names_find_own(const struct names *names, const struct address *client,
                           const struct address *address, int64_t now_us, uint32_t max_age_s)
{
    struct key key = {.address = *address};
    if (client != NULL)
        key.client = *client;
    return find_text(names, &key, now_us, max_age_s);
}

const char *names_find(const struct names *names, const struct address *client, const struct address *address,
                       int64_t now_us, uint32_t max_age_s)
{
    const char *text = names_find_own(names, client, address, now_us, max_age_s);
    return text != NULL ? text : names_find_own(names, NULL, address, now_us, max_age_s);
}
