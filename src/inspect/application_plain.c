// SPDX-License-Identifier: Apache-2.0
/*
 * Stands in for nDPI where geophone is built without it: asked, it has nothing to say.
 */
#include "inspect/application.h"
#include "inspect/application_own.h"

#include <stdlib.h>

struct application_engine {
    char nothing;
};

struct application_engine *application_engine_create(struct error *error)
{
    struct application_engine *engine = malloc(sizeof *engine);
    if (engine == NULL)
        error_set(error, STATUS_FAILED, "out of memory while starting the recognition of applications");
    return engine;
}

bool application_engine_start(struct application_engine *engine)
{
    (void)engine;
    return true;
}

void application_engine_free(struct application_engine *engine)
{
    free(engine);
}

bool application_packet(struct application_engine *engine, struct application_state **state,
                        const struct packet *packet, uint32_t max_packets, uint16_t *application)
{
    (void)engine;
    (void)state;
    (void)packet;
    (void)max_packets;
    (void)application;
    return true;
}

void application_state_free(struct application_engine *engine, struct application_state *state)
{
    (void)engine;
    (void)state;
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
