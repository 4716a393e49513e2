// SPDX-License-Identifier: Apache-2.0
/*
 * Nodes of Monero's P2Pool among each other. Source: SChernykh/p2pool:src/p2p_server.{h,cpp}. Both sides say,
 * one message behind the other:
 *
 *   00, challenge (8), peer identifier (8)              HANDSHAKE_CHALLENGE
 *   01, hash (32), salt (8)                             HANDSHAKE_SOLUTION
 *   02, port (4)                                        LISTEN_PORT
 *   03, 32 bytes of zero                                BLOCK_REQUEST for the tip of the chain
 *
 * The hash of the side that connected takes 10,000 attempts: its last eight bytes, little endian, times
 * 10,000 stay below 2^64. That cannot be had by chance; nothing else is said here but sizes and order, so the
 * ports are demanded as well.
 */
#include "inspect/opening.h"

#include "base/cursor.h"
#include "inspect/dialect/dialect.h"

#include <string.h>

enum {
    PORT_MINI = 37888,
    PORT_NANO = 37890,
    CHALLENGE = 17, /* sizes of the messages */
    SOLUTION = 41,
    LISTEN_PORT = 5,
    BLOCK_REQUEST = 33,
    HASH_AT = CHALLENGE + 1,
    DIFFICULTY = 10000,
};
_Static_assert(P2POOL_KEPT == CHALLENGE + SOLUTION + LISTEN_PORT + BLOCK_REQUEST,
               "both sides say this first");

bool p2pool_is_port(uint16_t port)
{
    return port >= PORT_MINI && port <= PORT_NANO;
}

/* Random bytes hardly hold the same value four times in `length` (8 to 32): text and zeros do. */
static bool looks_random(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned same = 0;
        for (size_t k = 0; k < length; k++)
            same += bytes[k] == bytes[i];
        if (same > 3)
            return false;
    }
    return true;
}

/* What was kept of a direction is as it has to be so far. */
static bool fits(const uint8_t *bytes, size_t kept)
{
    static const uint8_t zeros[BLOCK_REQUEST - 1];
    size_t at = CHALLENGE + SOLUTION;
    if (bytes[0] != 0 || (kept > CHALLENGE && bytes[CHALLENGE] != 1) || (kept > at && bytes[at] != 2))
        return false;
    if (kept >= CHALLENGE && (!looks_random(bytes + 1, 8) || !looks_random(bytes + 9, 8)))
        return false;
    if (kept >= at && (!looks_random(bytes + HASH_AT, 32) || !looks_random(bytes + HASH_AT + 32, 8)))
        return false;
    if (kept >= at + LISTEN_PORT && (bytes[at + 3] != 0 || bytes[at + 4] != 0)) /* a port in four bytes */
        return false;
    at += LISTEN_PORT;
    return (kept <= at || bytes[at] == 3) &&
           (kept <= at + 1 || memcmp(bytes + at + 1, zeros, kept - at - 1) == 0);
}

static bool has_worked(const uint8_t *client)
{
    struct cursor cursor = cursor_of(client + HASH_AT + 24, 8);
    uint64_t low = cursor_u32_le(&cursor), high = cursor_u32_le(&cursor);
    return (high << 32 | low) <= UINT64_MAX / DIFFICULTY;
}

bool p2pool_bytes(struct inspector *inspector, struct flow *flow, struct p2pool_opening *p2pool,
                  enum direction direction, const uint8_t *bytes, size_t length)
{
    uint8_t *kept = &p2pool->kept[direction];
    size_t more = length < (size_t)P2POOL_KEPT - *kept ? length : (size_t)P2POOL_KEPT - *kept;
    memcpy(p2pool->bytes[direction] + *kept, bytes, more);
    *kept = (uint8_t)(*kept + more);
    /* the solution answers the other's challenge: it never comes before it */
    if (!fits(p2pool->bytes[direction], *kept) ||
        (*kept > CHALLENGE && p2pool->kept[direction_reverse(direction)] < CHALLENGE))
        return false;
    if (p2pool->kept[TO_SERVER] < P2POOL_KEPT || p2pool->kept[TO_CLIENT] < P2POOL_KEPT)
        return true;
    /* each has an identifier of its own */
    if (memcmp(p2pool->bytes[TO_SERVER] + 1, p2pool->bytes[TO_CLIENT] + 1, CHALLENGE - 1) == 0)
        return false;
    struct session *session = opening_session(inspector, flow, &dialect_p2pool);
    if (session == NULL)
        return false;
    session_state(session, FACT_P2POOL_HANDSHAKE);
    if (has_worked(p2pool->bytes[TO_SERVER]))
        session_state(session, FACT_P2POOL_WORK);
    opening_moved(inspector, flow, direction);
    return false;
}
