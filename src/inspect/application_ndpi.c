// SPDX-License-Identifier: Apache-2.0
/*
 * nDPI 4.2 and later as the engine. What changed from version to version stands in the first part of this
 * file, one function a difference; the second part knows of no versions.
 */
#include "inspect/application.h"
#include "inspect/application_own.h"

#include "base/digest.h"
#include "base/log.h"

#include <ndpi_api.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NDPI_FROM(major, minor) (NDPI_MAJOR > (major) || (NDPI_MAJOR == (major) && NDPI_MINOR >= (minor)))

#if !NDPI_FROM(4, 2)
#error "geophone needs nDPI 4.2 or later; build with NDPI=no to do without"
#endif

#if !NDPI_FROM(4, 10)
/*
 * Called by the library in place of its own, as symbols of the program come first. There is no setting yet
 * that keeps it from sorting thousands of networks of clouds into a tree, which took half of the sensor's
 * start (20 ms of 45) and then named flows by their addresses: NULL says that there was no memory for one.
 */
ndpi_patricia_node_t *ndpi_patricia_lookup(ndpi_patricia_tree_t *patricia, ndpi_prefix_t *prefix)
{
    (void)patricia;
    (void)prefix;
    return NULL;
}
#endif

static struct ndpi_detection_module_struct *start_module(void)
{
#if NDPI_FROM(6, 0)
    /* nDPI's own terms: only what is LGPL, whoever the user is */
    return ndpi_init_detection_module(NULL, NDPI_LICENSE_FOR_PROFIT_LGPL);
#elif NDPI_FROM(4, 10)
    return ndpi_init_detection_module(NULL);
#else
    /* Tor's addresses are no evidence either; base/digest.c made libgcrypt ready */
    return ndpi_init_detection_module(ndpi_dont_load_tor_hosts | ndpi_dont_init_libgcrypt);
#endif
}

/* Recognition by payload only: lists of addresses and guesses by port would only cost. Refused settings do no
 * harm: is_recognised() looks again. */
static bool configure(struct ndpi_detection_module_struct *module)
{
#if NDPI_FROM(4, 10)
    ndpi_set_config(module, "any", "ip_list.load", "0");
    ndpi_set_config(module, NULL, "dpi.guess_on_giveup", "0");
#endif
#if !NDPI_FROM(5, 0)
    NDPI_PROTOCOL_BITMASK all;
    NDPI_BITMASK_SET_ALL(all);
    ndpi_set_protocol_detection_bitmask2(module, &all);
#endif
#if NDPI_FROM(4, 10)
    return ndpi_finalize_initialization(module) == 0;
#else
    ndpi_finalize_initialization(module);
    return true;
#endif
}

static ndpi_protocol process(struct ndpi_detection_module_struct *module, struct ndpi_flow_struct *flow,
                             const struct packet *packet)
{
    uint64_t time_ms = packet->frame->time_us < 0 ? 0 : (uint64_t)packet->frame->time_us / 1000;
#if NDPI_FROM(4, 6)
    return ndpi_detection_process_packet(module, flow, packet->ip, (unsigned short)packet->ip_captured,
                                         time_ms, NULL);
#else
    return ndpi_detection_process_packet(module, flow, packet->ip, (unsigned short)packet->ip_captured,
                                         time_ms);
#endif
}

static ndpi_protocol give_up(struct ndpi_detection_module_struct *module, struct ndpi_flow_struct *flow)
{
#if NDPI_FROM(5, 0)
    return ndpi_detection_giveup(module, flow);
#elif NDPI_FROM(4, 10)
    uint8_t guessed;
    return ndpi_detection_giveup(module, flow, &guessed);
#else
    uint8_t guessed;
    return ndpi_detection_giveup(module, flow, 0, &guessed);
#endif
}

/* The more exact of the two names that nDPI gives: "facebook" rather than "tls". */
static uint16_t identifier(const ndpi_protocol *protocol)
{
#if NDPI_FROM(4, 12)
    return protocol->proto.app_protocol != NDPI_PROTOCOL_UNKNOWN ? protocol->proto.app_protocol
                                                                 : protocol->proto.master_protocol;
#else
    return ndpi_get_upper_proto(*protocol);
#endif
}

struct application_engine {
    struct ndpi_detection_module_struct *module; /* NULL: not started yet */
    bool failed;
};

struct application_state {
    struct ndpi_flow_struct *flow;
    uint32_t packets;
};

enum { NAMED_PROTOCOLS = 1024, NAME_SIZE = 32 };

/* The names are of the library, the same for each engine: written by the first, then only read. */
static char names[NAMED_PROTOCOLS][NAME_SIZE];
static uint16_t owns[NAMED_PROTOCOLS]; /* geophone's identifier where it has one for the same thing */

static char name_character(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c | 0x20);
    bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    return (char)(plain ? c : '_');
}

/* One thread at a time. */
static void learn_names(struct ndpi_detection_module_struct *module)
{
    for (uint16_t i = 0; i < NAMED_PROTOCOLS && names[0][0] == '\0'; i++) {
        uint16_t protocol = (uint16_t)(NAMED_PROTOCOLS - 1 - i); /* 0 last: it marks the table complete */
        const char *name = ndpi_get_proto_name(module, protocol);
        for (size_t k = 0; name != NULL && k < NAME_SIZE - 1 && name[k] != '\0'; k++)
            names[protocol][k] = name_character(name[k]);
        owns[protocol] = application_own(names[protocol]);
    }
}

static bool versions_agree(struct error *error)
{
    if (ndpi_get_api_version() == NDPI_API_VERSION &&
        ndpi_detection_get_sizeof_ndpi_flow_struct() == sizeof(struct ndpi_flow_struct))
        return true;
    return error_set(
        error, STATUS_FAILED,
        "the installed nDPI library (%s) is not the one that geophone was built for (%d.%d); install "
        "that version, or build geophone again",
        ndpi_revision(), NDPI_MAJOR, NDPI_MINOR);
}

struct application_engine *application_engine_create(struct error *error)
{
    if (!versions_agree(error))
        return NULL;
    digest_prepare();
    struct application_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        error_set(error, STATUS_FAILED, "out of memory for nDPI");
    return engine;
}

/* Engines are independent of one another, but while two start, both write to the library's variables. */
bool application_engine_start(struct application_engine *engine)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    if (engine->module != NULL || engine->failed)
        return !engine->failed;
    pthread_mutex_lock(&lock);
    engine->module = start_module();
    engine->failed = engine->module == NULL || !configure(engine->module);
    if (!engine->failed)
        learn_names(engine->module);
    pthread_mutex_unlock(&lock);
    if (engine->failed)
        log_warning("inspect", "nDPI does not start, perhaps for want of memory: flows have the names that "
                               "geophone gives them, and no others");
    return !engine->failed;
}

void application_engine_free(struct application_engine *engine)
{
    if (engine == NULL)
        return;
    if (engine->module != NULL)
        ndpi_exit_detection_module(engine->module);
    free(engine);
}

static struct application_state *state_create(void)
{
    struct application_state *state = calloc(1, sizeof *state);
    if (state == NULL)
        return NULL;
    state->flow = ndpi_flow_malloc(sizeof *state->flow);
    if (state->flow == NULL) {
        free(state);
        return NULL;
    }
    memset(state->flow, 0, sizeof *state->flow);
    return state;
}

void application_state_free(struct application_engine *engine, struct application_state *state)
{
    (void)engine;
    if (state == NULL)
        return;
    ndpi_flow_free(state->flow);
    free(state);
}

/* By what the packets hold, not by port, address or what other flows of the same hosts were. */
static bool is_recognised(const struct application_state *state, const ndpi_protocol *protocol)
{
    return identifier(protocol) != NDPI_PROTOCOL_UNKNOWN && state->flow->confidence == NDPI_CONFIDENCE_DPI;
}

static uint16_t translate(uint16_t protocol)
{
    if (protocol >= NAMED_PROTOCOLS || owns[protocol] != APPLICATION_UNKNOWN)
        return protocol >= NAMED_PROTOCOLS ? APPLICATION_UNKNOWN : owns[protocol];
    return (uint16_t)(APPLICATION_NDPI_BASE + protocol);
}

/* True when nDPI needs no more of this flow; *found stays where it found nothing. */
static bool ask_ndpi(struct application_engine *engine, struct application_state *state,
                     const struct packet *packet, uint32_t max_packets, uint16_t *found)
{
    if (packet->ip == NULL || packet->ip_captured > UINT16_MAX)
        return false;
    ndpi_protocol protocol = process(engine->module, state->flow, packet);
    bool last = ++state->packets >= max_packets;
    if (last && !is_recognised(state, &protocol))
        protocol = give_up(engine->module, state->flow);
    bool recognised = is_recognised(state, &protocol);
    if (recognised)
        *found = translate(identifier(&protocol));
    return recognised || last;
}

bool application_packet(struct application_engine *engine, struct application_state **state,
                        const struct packet *packet, uint32_t max_packets, uint16_t *application)
{
    if (packet->protocol == PROTOCOL_TCP && packet->payload_captured == 0)
        return false;
    if (*state == NULL)
        *state = state_create();
    if (*state != NULL && !ask_ndpi(engine, *state, packet, max_packets, application))
        return false;
    application_state_free(engine, *state);
    *state = NULL;
    return true;
}

const char *application_name(uint16_t application)
{
    const char *own = application_own_name(application);
    if (own != NULL)
        return own;
    if (application >= APPLICATION_NDPI_BASE && application - APPLICATION_NDPI_BASE < NAMED_PROTOCOLS &&
        names[application - APPLICATION_NDPI_BASE][0] != '\0')
        return names[application - APPLICATION_NDPI_BASE];
    return application_own_name(APPLICATION_UNKNOWN);
}

const char *application_library(void)
{
    static char text[64];
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    if (text[0] == '\0')
        snprintf(text, sizeof text, "nDPI %s", ndpi_revision());
    pthread_mutex_unlock(&lock);
    return text;
}
