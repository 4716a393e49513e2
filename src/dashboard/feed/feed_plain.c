// SPDX-License-Identifier: Apache-2.0
/*
 * One entry a line and nothing else: what most programs read, and what FortiGate's external resources take
 * (types "address" and "domain"; it counts comment lines as errors), Palo Alto's lists of domains, and Check
 * Point's network feeds, which mix both.
 */
#include "dashboard/feed/feed_format.h"

static bool write_lines(FILE *to, const struct feed_format *format, const struct feed_view *view,
                        uint32_t serial)
{
    (void)serial;
    const struct feed_entry *entry;
    char text[ADDRESS_TEXT_SIZE];
    for (size_t at = 0; (entry = feed_format_next(format, view, &at)) != NULL;)
        fprintf(to, "%s\n", feed_entry_text(entry, text));
    return true;
}

#define PLAIN(symbol, file, who, addresses, names)                                                           \
    const struct feed_format feed_format_##symbol = {                                                        \
        .name = (file),                                                                                      \
        .type = "text/plain; charset=utf-8",                                                                 \
        .reader = (who),                                                                                     \
        .takes = {[FEED_ADDRESS] = (addresses), [FEED_NAME] = (names)},                                      \
        .write = write_lines}

PLAIN(plain_ip, "block-ip.txt", "anything that reads a list of addresses", true, false);
PLAIN(plain_domain, "block-domain.txt", "anything that reads a list of names", false, true);
PLAIN(fortigate_ip, "fortigate-ip.txt", "FortiGate: external resource of type address", true, false);
PLAIN(fortigate_domain, "fortigate-domain.txt", "FortiGate: external resource of type domain", false, true);
PLAIN(paloalto_domain, "block-domain.paloalto.txt", "Palo Alto: external dynamic list of type domain", false,
      true);
PLAIN(checkpoint_network, "checkpoint-network.txt", "Check Point: network feed, flat list", true, true);
