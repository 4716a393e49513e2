// SPDX-License-Identifier: Apache-2.0
/*
 * Events whose every text is hostile, in all forms in which they leave the sensor.
 *
 * Input: a byte (what the events are), eight bytes of a number, then texts, separated by line feeds, that go
 * into the fields one after the other, again and again.
 */
#include "telling.h"

#include "../unit/event_samples.h"

struct texts {
    const uint8_t *begin, *at, *end;
};

static void fill(struct texts *texts, char *field, size_t size)
{
    if (texts->at >= texts->end)
        texts->at = texts->begin;
    char *text = next_text(&texts->at, texts->end);
    snprintf(field, size, "%s", text == NULL ? "" : text);
    free(text);
}

#define FILL(field) fill(texts, field, sizeof field)

static void fill_mining(struct texts *texts, struct mining *mining)
{
    FILL(mining->pool_domain), FILL(mining->pool_operator), FILL(mining->coin), FILL(mining->algorithm);
    FILL(mining->algorithms), FILL(mining->agent), FILL(mining->software), FILL(mining->software_version);
    FILL(mining->user), FILL(mining->wallet), FILL(mining->worker), FILL(mining->carrier);
    FILL(mining->destination), FILL(mining->origin), FILL(mining->tls.sni), FILL(mining->tls.alpn);
    FILL(mining->tls.subject), FILL(mining->tls.issuer), FILL(mining->tls.server_alpn);
    FILL(mining->rig), FILL(mining->password), FILL(mining->redirect), FILL(mining->geo.as_organization);
    FILL(mining->evidence[0].detail), FILL(mining->evidence[1].detail);
    mining->login_count = 2;
    FILL(mining->logins[0]), FILL(mining->logins[1]);
    mining->cloud.match = CLOUD_ADDRESS;
    FILL(mining->cloud.provider), FILL(mining->cloud.account), FILL(mining->cloud.instance_name);
    FILL(mining->cloud.owner), FILL(mining->cost.basis), FILL(mining->sanction.reason);
}

/* Any number that a counter may hold, and any double, infinite or none as well. */
static void fill_numbers(struct mining *mining, uint64_t number)
{
    double real;
    memcpy(&real, &number, sizeof real);
    mining->difficulty = mining->hashes = mining->hashrate_hs = mining->hashrate_10m_hs = real;
    mining->hashrate_1h_hs = mining->hashrate_upper_hs = mining->hashrate_claimed_hs = -real;
    mining->hashrate_10m_error = mining->hashrate_1h_error = real;
    mining->hashrate_error = mining->cost.hour = mining->cost.total = mining->confidence = real;
    mining->shares_submitted = mining->shares_accepted = mining->shares_proven = number;
    mining->shares_invalid = mining->shares_stale = number;
    mining->block_height = number;
    mining->miners_behind = (uint32_t)number;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct config config;
    static char name[64], source[64]; /* they outlive the events, as in the sensor */
    if (length < 10)
        return 0;
    uint64_t number;
    memcpy(&number, bytes + 1, sizeof number);
    struct texts texts = {bytes + 9, bytes + 9, bytes + length};
    struct mining mining = sample_mining();
    fill_mining(&texts, &mining);
    if (bytes[0] & 1)
        fill_numbers(&mining, number);
    sample_config(&config);
    fill(&texts, name, sizeof name);
    config.sensor.name = name;
    struct telling telling;
    telling_open(&telling, &config);
    for (enum event_type type = EVENT_ALERT; type <= EVENT_FLOW; type++) {
        struct event event = sample_event(type, type == EVENT_FLOW ? NULL : &mining);
        char signature[320];
        fill(&texts, signature, sizeof signature);
        fill(&texts, source, sizeof source);
        event.signature = signature;
        event.source_name = source;
        event.sensor = name;
        event.action = bytes[0] >> 1 & 1 ? INCIDENT_CLOSED : INCIDENT_OPENED;
        tell(&telling, &event);
    }
    telling_close(&telling);
    return 0;
}
