// SPDX-License-Identifier: Apache-2.0
#include "dashboard/answer/campaign.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Names that miners have where nobody thought of one. */
static const char *const common[] = {"worker#", "worker-#", "worker_#", "rig#", "miner#", "w#",
                                     "x#",      "pc#",      "test#",    "#x#",  "s#",     "s#x#",
                                     "node#",   "host#",    "m#",       "m#_#", "user#",  "docker#"};

void campaign_scheme(const char *worker, char scheme[static CAMPAIGN_SCHEME_SIZE])
{
    size_t length = 0, digits = 0, letters = 0;
    for (const char *c = worker; *c != '\0' && length < CAMPAIGN_SCHEME_SIZE - 1; c++) {
        bool is_digit = isdigit((unsigned char)*c) != 0;
        digits += is_digit;
        letters += isalpha((unsigned char)*c) != 0;
        if (is_digit && length > 0 && scheme[length - 1] == '#')
            continue;
        scheme[length++] = (char)(is_digit ? '#' : *c);
    }
    scheme[length] = '\0';
    bool is_common = digits == 0 || letters < 3;
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        is_common = is_common || strcasecmp(scheme, common[i]) == 0;
    if (is_common)
        scheme[0] = '\0';
}

static bool same(const struct incident_view *a, const struct incident_view *b, enum incident_text text)
{
    const char *value = incident_view_text(a, text);
    return value[0] != '\0' && strcmp(value, incident_view_text(b, text)) == 0;
}

unsigned campaign_shares(const struct incident_view *a, const struct incident_view *b)
{
    char scheme[CAMPAIGN_SCHEME_SIZE], other[CAMPAIGN_SCHEME_SIZE];
    unsigned shares = 0;
    if (same(a, b, INCIDENT_WALLET))
        shares |= CAMPAIGN_WALLET;
    if (same(a, b, INCIDENT_POOL))
        shares |= CAMPAIGN_POOL;
    campaign_scheme(incident_view_text(a, INCIDENT_WORKER), scheme);
    campaign_scheme(incident_view_text(b, INCIDENT_WORKER), other);
    if (scheme[0] != '\0' && strcmp(scheme, other) == 0)
        shares |= CAMPAIGN_WORKER_SCHEME;
    return shares;
}
