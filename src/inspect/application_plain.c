// SPDX-License-Identifier: Apache-2.0
/*
 * The engine where geophone is built without nDPI: what one packet says by itself.
 */
#include "inspect/application.h"
#include "inspect/application_own.h"

#include <stdlib.h>

struct application_engine {
    char nothing;
};

struct application_state {
    uint32_t packets;
};

struct application_engine *application_engine_create(struct error *error)
{
    struct application_engine *engine = malloc(sizeof *engine);
    if (engine == NULL)
        error_set(error, STATUS_FAILED, "out of memory while starting the recognition of applications");
    return engine;
}

void application_engine_free(struct application_engine *engine)
{
    free(engine);
}

/* Counts a packet; false once there were enough, or where there is no memory to count in. */
static bool count(struct application_state **state, uint32_t max_packets)
{
    if (*state == NULL)
        *state = calloc(1, sizeof **state);
    return *state != NULL && ++(*state)->packets < max_packets;
}

bool application_packet(struct application_engine *engine, struct application_state **state,
                        const struct packet *packet, enum direction direction, uint32_t max_packets,
                        uint16_t *application)
{
    if (packet->protocol == PROTOCOL_TCP && packet->payload_captured == 0)
        return false;
    uint16_t found = application_by_payload(packet, direction);
    if (found == APPLICATION_UNKNOWN && count(state, max_packets))
        return false;
    if (found != APPLICATION_UNKNOWN)
        *application = found;
    application_state_free(engine, *state);
    *state = NULL;
    return true;
}

void application_state_free(struct application_engine *engine, struct application_state *state)
{
    (void)engine;
    free(state);
}

const char *application_name(uint16_t application)
{
    const char *name = application_own_name(application);
    return name == NULL ? application_own_name(APPLICATION_UNKNOWN) : name;
}

const char *application_library(void)
{
    return "none";
}
