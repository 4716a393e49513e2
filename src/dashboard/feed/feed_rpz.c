// SPDX-License-Identifier: Apache-2.0
/*
 * A response policy zone for name servers (BIND, Unbound, Knot Resolver, PowerDNS;
 * draft-vixie-dnsop-dns-rpz): names and what lies under them do not exist, nor does an answer that holds a
 * listed address. Names are relative to the zone's own, which the server's configuration gives. Host names
 * hold nothing that a zone file gives a meaning (RFC 1035, section 5.1): no blanks, '@', ';', '"', '(', '\'
 * or '$'.
 */
#include "dashboard/feed/feed_format.h"

#include <string.h>

enum {
    MAX_OWNER =
        200, /* of a name, so that it still fits behind it: a domain name is 255 bytes (RFC 1035, 2.3.4) */
    REFRESH_S = 300,
    RETRY_S = 60,
    EXPIRE_S = 604800,
    TTL_S = 60,
};

/* "32.9.113.0.203.rpz-ip": prefix and bytes backwards. */
static void put_ipv4(FILE *to, const uint8_t *bytes)
{
    fprintf(to, "32.%u.%u.%u.%u.rpz-ip", bytes[3], bytes[2], bytes[1], bytes[0]);
}

/* "128.9.zz.db8.2001.rpz-ip": groups backwards in hexadecimal, the longest run of zeros as "zz", as
 * inet_ntop() shortens it to "::". BIND refuses a name that is not shortened that way. */
static void put_ipv6(FILE *to, const struct address *address)
{
    unsigned groups[8];
    size_t run = 0, run_at = 8;
    for (size_t i = 0; i < 8; i++)
        groups[i] = (unsigned)(address->bytes[2 * i] << 8 | address->bytes[2 * i + 1]);
    for (size_t i = 0; i < 8; i++) {
        size_t length = 0;
        while (i + length < 8 && groups[i + length] == 0)
            length++;
        if (length > run && length > 1) {
            run = length;
            run_at = i;
        }
    }
    fputs("128", to);
    for (size_t i = 8; i-- > 0;) {
        if (i >= run_at && i < run_at + run) {
            fputs(".zz", to);
            i = run_at;
            continue;
        }
        fprintf(to, ".%x", groups[i]);
    }
    fputs(".rpz-ip", to);
}

static bool write_zone(FILE *to, const struct feed_format *format, const struct feed_view *view,
                       uint32_t serial)
{
    const struct feed_entry *entry;
    fprintf(to, "$TTL %d\n@ SOA localhost. hostmaster.localhost. %u %d %d %d %d\n@ NS localhost.\n", TTL_S,
            serial, REFRESH_S, RETRY_S, EXPIRE_S, TTL_S);
    for (size_t at = 0; (entry = feed_format_next(format, view, &at)) != NULL;) {
        const struct feed_candidate *candidate = &entry->candidates[0];
        if (candidate->type == FEED_NAME) {
            if (strlen(candidate->name) <= MAX_OWNER)
                fprintf(to, "%s CNAME .\n*.%s CNAME .\n", candidate->name, candidate->name);
            continue;
        }
        if (address_is_ipv4(&candidate->address))
            put_ipv4(to, candidate->address.bytes + 12);
        else
            put_ipv6(to, &candidate->address);
        fputs(" CNAME .\n", to);
    }
    return true;
}

const struct feed_format feed_format_rpz = {
    .name = "block.rpz",
    .type = "text/dns; charset=utf-8",
    .reader = "name servers: response policy zone",
    .takes = {[FEED_ADDRESS] = true, [FEED_NAME] = true},
    .write = write_zone,
};
