// SPDX-License-Identifier: Apache-2.0
#include "capture/filter.h"

#include "base/log.h"
#include "capture/link_type.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

/* A hostile pcapng file may have a link type for each packet: frames of more types than this are refused. */
enum { MAX_PROGRAMS = 32, SNAPSHOT_LENGTH = 262144 };

struct program {
    uint16_t link_type;
    bool usable; /* `instructions` is compiled */
    struct bpf_program instructions;
};

struct filter {
    char *expression;
    struct program programs[MAX_PROGRAMS];
    size_t count;
    struct program *last; /* of the frame before */
    bool full_warned;
};

struct filter *filter_create(const char *expression, struct error *error)
{
    struct filter *filter = calloc(1, sizeof *filter);
    if (filter == NULL || (filter->expression = strdup(expression)) == NULL) {
        filter_free(filter);
        error_set(error, STATUS_FAILED, "out of memory for the filter");
        return NULL;
    }
    return filter;
}

static bool compile(const char *expression, pcap_t *capture, const char *where,
                    struct bpf_program *instructions, struct error *error)
{
    /* bpf_program frees nothing it was not given: PCAP_ERROR leaves it empty */
    if (pcap_compile(capture, instructions, expression, 1, PCAP_NETMASK_UNKNOWN) == 0)
        return true;
    return error_set(error, STATUS_USAGE,
                     "cannot use the filter \"%s\" on %s: %s; pcap-filter(7) explains filters", expression,
                     where, pcap_geterr(capture));
}

static struct program *find_program(struct filter *filter, uint16_t link_type)
{
    for (size_t i = 0; i < filter->count; i++)
        if (filter->programs[i].link_type == link_type)
            return &filter->programs[i];
    return NULL;
}

static struct program *add_program(struct filter *filter, uint16_t link_type, struct error *error)
{
    struct program *program = &filter->programs[filter->count++];
    *program = (struct program){.link_type = link_type};
    int dlt = link_type_to_dlt(link_type);
    const char *name = pcap_datalink_val_to_name(dlt);
    char where[64];
    snprintf(where, sizeof where, "packets of link type %u (%s)", link_type, name == NULL ? "unknown" : name);
    pcap_t *dead = pcap_open_dead(dlt, SNAPSHOT_LENGTH);
    if (dead == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for the filter");
        return program;
    }
    program->usable = compile(filter->expression, dead, where, &program->instructions, error);
    pcap_close(dead);
    return program;
}

bool filter_prepare(struct filter *filter, uint16_t link_type, struct error *error)
{
    struct program *program = find_program(filter, link_type);
    if (program != NULL && program->usable)
        return true;
    if (program == NULL && filter->count == MAX_PROGRAMS)
        return error_set(error, STATUS_USAGE, "more than %d link types are too many for a filter",
                         MAX_PROGRAMS);
    if (program != NULL) /* failed before: say so again */
        return error_set(error, STATUS_USAGE, "cannot use the filter \"%s\" on packets of link type %u",
                         filter->expression, link_type);
    return add_program(filter, link_type, error)->usable;
}

static struct program *get_program(struct filter *filter, uint16_t link_type)
{
    struct program *program = find_program(filter, link_type);
    if (program != NULL)
        return program;
    if (filter->count == MAX_PROGRAMS) {
        if (!filter->full_warned)
            log_warning("capture", "packets of more than %d link types; the filter refuses the others",
                        MAX_PROGRAMS);
        filter->full_warned = true;
        return NULL;
    }
    struct error error;
    program = add_program(filter, link_type, &error);
    if (!program->usable)
        log_warning("capture", "%s; such packets are left out", error.text);
    return program;
}

bool filter_accepts(struct filter *filter, const struct frame *frame)
{
    struct program *program = filter->last;
    if (program == NULL || program->link_type != frame->link_type) {
        program = get_program(filter, frame->link_type);
        filter->last = program;
    }
    if (program == NULL || !program->usable)
        return false;
    const struct pcap_pkthdr header = {.caplen = frame->captured, .len = frame->length};
    return pcap_offline_filter(&program->instructions, &header, frame->data) != 0;
}

bool filter_apply(const char *expression, struct pcap *capture, const char *name, struct error *error)
{
    struct bpf_program instructions;
    if (!compile(expression, capture, name, &instructions, error))
        return false;
    int status = pcap_setfilter(capture, &instructions);
    pcap_freecode(&instructions);
    if (status != 0)
        return error_set(error, STATUS_FAILED, "cannot set the filter on %s: %s", name, pcap_geterr(capture));
    return true;
}

void filter_free(struct filter *filter)
{
    if (filter == NULL)
        return;
    for (size_t i = 0; i < filter->count; i++)
        if (filter->programs[i].usable)
            pcap_freecode(&filter->programs[i].instructions);
    free(filter->expression);
    free(filter);
}
