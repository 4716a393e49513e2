// SPDX-License-Identifier: Apache-2.0
/*
 * The journey of a packet: read, decode, find its flow, look into it. What is found goes to the verdict,
 * whose work the workers do themselves where they read regular files (sensor.c).
 */
#include "worker.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/siphash.h"
#include "decode/decode.h"
#include "decode/packet_filter.h"
#include "decode/share.h"
#include "flow/duplicates.h"
#include "flow/flow_table.h"
#include "flow/packet_clock.h"
#include "inspect/dialect/dialect_set.h"
#include "inspect/inspector.h"
#include "worker_limits.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    GROUP_SIZE = 8,       /* packets whose memory is asked for together */
    FILE_RING_EVERY = 64, /* batches of a file: nobody waits, and to fall asleep and wake costs */
    NONE = -1,            /* no time: those that the clock is shown are from 1970 and later */
};

struct worker {
    struct worker_options options;
    struct decoder *decoder;
    uint8_t share;                /* frames of this share are its own; 0 where nobody shares */
    struct packet_filter *filter; /* NULL: all packets */
    uint64_t filtered;            /* packets that it refused */
    struct duplicates duplicates;
    uint64_t copies; /* packets that were such */
    struct flow_table *flows;
    struct inspector *inspector;
    uint64_t tracked;                 /* packets that reached the flow table */
    uint16_t strange_link_type;       /* link type that no layer knows, of the source named beside it */
    int32_t strange_source;           /* -1: none was met */
    uint32_t ring_every;              /* batches: how often the verdict thread is woken */
    uint16_t report_units;            /* between interim records of a flow; 0: none */
    int64_t told_us;                  /* packet time that was told last */
    int64_t statistics_us;            /* packet time of the latest statistics */
    uint64_t frames, bytes;           /* taken so far, and their lengths on the wire */
    uint64_t cut_frames;              /* frames of which the capture holds only the beginning */
    struct capture_pressure pressure; /* the worst since then */
    _Atomic bool statistics_wanted;
    _Atomic uint64_t beats; /* turns of the loop */
    bool failed;            /* read after worker_run() */
    struct error failure;
};

/* All that is known of a packet on its way. */
struct traveller {
    struct packet packet;
    struct flow_lookup lookup;
    uint64_t fingerprint; /* of duplicates.h */
    int64_t others_us;    /* the latest time among the frames right before it that are not taken; or NONE */
    uint16_t place;       /* of its frame among those that the batch has or leaves out */
};

/*
 * One batch, stage by stage: all frames are decoded and their flows looked for before the first flow is
 * touched, so that memory is on its way when it is needed. A fragment that completes a datagram lives in the
 * decoder only until the next one is decoded, so it is taken through at once.
 */
struct batch {
    struct frame_batch frames;
    struct traveller packets[FRAME_BATCH_SIZE];
    size_t count;      /* packets */
    uint64_t first;    /* number of the first frame */
    int64_t others_us; /* what it will be for the next packet */
};

_Static_assert(FRAME_NEAR_US == PACKET_CLOCK_STEP_US, "what is no step is near the clock");

static void set_order(struct worker *worker, uint64_t frame, enum report_phase phase)
{
    worker->options.reports->order = frame * REPORT_PHASES + phase;
}

/* A flow that goes on for long is told of now and then. In its first packet a report is due, of nothing. */
static inline void report_long_flow(struct worker *worker, struct flow *flow)
{
    uint16_t now = flow_report_time(flow->last_us);
    if ((int16_t)(now - flow->report_due) < 0 || worker->report_units == 0)
        return;
    flow->report_due = (uint16_t)(now + worker->report_units);
    if (flow->packets[TO_SERVER] + flow->packets[TO_CLIENT] != 1)
        inspector_flow_goes_on(worker->inspector, flow);
}

static void track(struct worker *worker, const struct packet *packet, const struct flow_lookup *lookup)
{
    enum direction direction;
    struct flow *flow = flow_table_get(worker->flows, packet, lookup, &direction);
    if (flow == NULL)
        return;
    report_long_flow(worker, flow);
    if (inspector_wants(flow, packet))
        inspector_packet(worker->inspector, flow, direction, packet);
}

/* Packets are taken in groups of so many; this is where one begins. */
static struct traveller *group_at(struct batch *batch, size_t group)
{
    size_t first = group * GROUP_SIZE;
    return &batch->packets[first < batch->count ? first : batch->count];
}

static void prefetch_flows(const struct worker *worker, struct batch *batch, size_t group)
{
    for (struct traveller *t = group_at(batch, group), *end = group_at(batch, group + 1); t < end; t++)
        flow_table_prefetch(worker->flows, &t->lookup);
}

/* Always inline, as inspector_prefetch(). */
__attribute__((always_inline)) static inline void prefetch_inspections(struct batch *batch, size_t group)
{
    for (struct traveller *t = group_at(batch, group), *end = group_at(batch, group + 1); t < end; t++)
        if (t->lookup.guess != NULL)
            inspector_prefetch(t->lookup.guess);
}

static inline void follow_others(struct worker *worker, int64_t latest_us)
{
    if (latest_us != NONE)
        flow_table_follow(worker->flows, latest_us);
}

static void track_group(struct worker *worker, struct batch *batch, size_t group)
{
    for (struct traveller *t = group_at(batch, group), *end = group_at(batch, group + 1); t < end; t++) {
        int64_t time_us = t->packet.frame->time_us;
        set_order(worker, batch->first + t->place, REPORT_OF_PACKET);
        follow_others(worker, t->others_us);
        if (!duplicates_seen(&worker->duplicates, t->fingerprint, time_us)) {
            track(worker, &t->packet, &t->lookup);
            continue;
        }
        worker->copies++;
        flow_table_follow(worker->flows, time_us);
    }
}

/* Memory is asked for in two steps ahead of its use: the flows, then what the flows point to. All of a batch
 * at once would be more than a core can wait for. */
static void track_all(struct worker *worker, struct batch *batch)
{
    for (size_t group = 0; (group < 2 ? 0 : group - 2) * GROUP_SIZE < batch->count; group++) {
        prefetch_flows(worker, batch, group);
        if (group >= 1)
            prefetch_inspections(batch, group - 1);
        if (group >= 2)
            track_group(worker, batch, group - 2);
    }
    follow_others(worker, batch->others_us);
    batch->others_us = NONE;
    batch->count = 0;
}

/* A link type that cannot be read is said once for each input. */
static void strange_frame(struct worker *worker, const struct frame *frame)
{
    if (worker->strange_source == frame->source && worker->strange_link_type == frame->link_type)
        return;
    worker->strange_source = frame->source;
    worker->strange_link_type = frame->link_type;
    log_warning("decode",
                "%s has frames of link type %s (%u), which geophone does not read: they are passed over",
                capture_source_name(worker->options.capture, frame->source),
                capture_link_type_name(frame->link_type), frame->link_type);
}

static bool is_wanted(struct worker *worker, const struct packet *packet)
{
    if (worker->filter == NULL || packet_filter_accepts(worker->filter, packet))
        return true;
    worker->filtered++;
    return false;
}

static inline void prepare(struct worker *worker, struct traveller *t)
{
    flow_table_prepare(worker->flows, &t->packet, &t->lookup);
    t->fingerprint = duplicates_fingerprint(&t->packet, t->lookup.hash, t->lookup.source_is_low);
    duplicates_prefetch(&worker->duplicates, t->fingerprint);
}

/* What was cut off cannot be inspected: whoever reads that no mining was found must know. */
static void warn_of_cut_frames(const struct worker *worker)
{
    enum { WORTH_A_WORD = 100 }; /* one in so many */
    if (worker->cut_frames == 0 || worker->cut_frames < worker->frames / WORTH_A_WORD)
        return;
    log_warning(
        "capture",
        "%llu of %llu packets were captured only in part, so mining may be missed; capture whole packets "
        "(tcpdump -s 0, here capture.snapshot-length)",
        (unsigned long long)worker->cut_frames, (unsigned long long)worker->frames);
}

static void note_pressure(struct worker *worker)
{
    struct capture_pressure now;
    capture_get_pressure(worker->options.capture, &now);
    capture_pressure_add(&worker->pressure, &now);
}

static void get_statistics(struct worker *worker, struct worker_statistics *statistics)
{
    note_pressure(worker);
    statistics->pressure = worker->pressure;
    inspector_get_statistics(worker->inspector, statistics);
    flow_table_get_statistics(worker->flows, &statistics->flow);
    statistics->capture = (struct capture_statistics){0};
    statistics->cut_frames = 0;
    if (worker->options.number == 0 || capture_is_live(worker->options.capture)) {
        capture_get_statistics(worker->options.capture, &statistics->capture);
        statistics->capture.frames = worker->frames; /* not those of the batch that are still to come */
        statistics->capture.bytes = worker->bytes;
        statistics->cut_frames = worker->cut_frames;
    } else { /* of files, each worker reads all: the first one tells of it */
        statistics->flow.clock_steps_back = 0;
    }
    statistics->capture.filtered += worker->filtered;
    statistics->tunnels = decoder_tunnels(worker->decoder);
    statistics->decode = *decoder_statistics(worker->decoder);
    statistics->copies = worker->copies;
}

static void set_order_of_latest(struct worker *worker, enum report_phase phase)
{
    set_order(worker, worker->frames > 0 ? worker->frames - 1 : 0, phase);
}

/* Lets the verdict thread know how late it is. */
static void tell_time(struct worker *worker, int64_t now_us)
{
    int64_t passed = now_us - worker->told_us;
    if (passed >= 0 && passed < FRAME_STEP_US)
        return;
    set_order_of_latest(worker, REPORT_OF_TIME);
    worker->told_us = now_us;
    note_pressure(worker);
    int64_t interval_us = (int64_t)worker->options.config->statistics.interval_s * 1000000;
    if (worker->statistics_us == 0)
        worker->statistics_us = now_us;
    bool due = (interval_us > 0 && now_us - worker->statistics_us >= interval_us) ||
               atomic_load(&worker->statistics_wanted);
    struct worker_statistics statistics;
    if (due)
        get_statistics(worker, &statistics);
    bool told = inspector_report_time(worker->inspector, now_us, due ? &statistics : NULL);
    if (!due || !told) /* no room: at the next step */
        return;
    worker->statistics_us = now_us;
    worker->pressure = (struct capture_pressure){-1, -1};
    atomic_store(&worker->statistics_wanted, false);
}

/* Ends what timed out, and tells the time. */
static void pass_time(struct worker *worker, int64_t now_us)
{
    set_order_of_latest(worker, REPORT_OF_EXPIRY);
    flow_table_advance(worker->flows, now_us);
    tell_time(worker, now_us);
    report_writer_reach(worker->options.reports, worker->frames * REPORT_PHASES);
}

/* Of frames that are not taken only the time counts: of others' as of those that are no packets, for who has
 * them cannot know. As long as none is due, which means that all are near the clock, of several in a row only
 * the latest. */
__attribute__((noinline)) static void pass_over(struct worker *worker, struct batch *batch, int64_t time_us)
{
    int64_t sane_us = packet_clock_sane(time_us);
    if (!frame_time_is_step(worker->told_us, time_us)) {
        batch->others_us = sane_us > batch->others_us ? sane_us : batch->others_us;
        return;
    }
    track_all(worker, batch);
    flow_table_follow(worker->flows, sane_us);
    pass_time(worker, flow_table_now(worker->flows));
}

static inline bool is_others(const struct worker *worker, const struct frame *frame)
{
    return frame->share != worker->share && frame->share != FRAME_SHARE_OPEN;
}

static void take_batch(struct worker *worker, struct batch *batch)
{
    batch->first = worker->frames;
    worker->bytes += batch->frames.left_out_bytes;
    worker->cut_frames += batch->frames.left_out_cut;
    for (size_t i = 0; i < batch->frames.count; i++) {
        const struct frame *frame = &batch->frames.frames[i];
        frame_batch_prefetch(&batch->frames, i + GROUP_SIZE);
        worker->frames += 1 + (uint64_t)frame->left_out;
        worker->bytes += frame->length;
        worker->cut_frames += frame->captured < frame->length;
        struct traveller *t = &batch->packets[batch->count];
        enum decode_result result =
            is_others(worker, frame) ? DECODE_OTHERS : decode(worker->decoder, frame, &t->packet);
        if (result != DECODE_PACKET || !is_wanted(worker, &t->packet)) {
            if (result == DECODE_UNSUPPORTED)
                strange_frame(worker, frame);
            pass_over(worker, batch, frame->time_us);
            continue;
        }
        t->place = (uint16_t)(worker->frames - batch->first - 1);
        t->others_us = batch->others_us;
        batch->others_us = NONE;
        worker->tracked++;
        prepare(worker, t);
        batch->count++;
        /* time passes at packets, so that what is said does not depend on where batches end */
        bool due = frame_time_is_step(worker->told_us, frame->time_us);
        if (due || t->packet.reassembled)
            track_all(worker, batch);
        if (due)
            pass_time(worker, flow_table_now(worker->flows));
    }
    track_all(worker, batch);
}

static void end_packets(struct worker *worker)
{
    struct worker_statistics statistics = {0};
    int64_t now_us = flow_table_now(worker->flows);
    inspector_reading_ended(worker->inspector);
    set_order(worker, worker->frames, REPORT_OF_EXPIRY); /* after what anyone says of the last frame */
    flow_table_flush(worker->flows);
    get_statistics(worker, &statistics);
    set_order(worker, worker->frames, REPORT_OF_TIME);
    inspector_report_time(worker->inspector, now_us, &statistics);
    inspector_report_end(worker->inspector, now_us);
}

void worker_run(struct worker *worker)
{
    struct batch *batch = calloc(1, sizeof *batch);
    enum capture_result result = batch == NULL ? CAPTURE_FAILED : CAPTURE_IDLE;
    if (batch == NULL)
        error_set(&worker->failure, STATUS_FAILED, "out of memory for a batch of packets");
    else
        *batch = (struct batch){.frames = {.limit = worker->options.config->capture.batch, .only_own = true},
                                .others_us = NONE};
    for (uint32_t turn = 0; result == CAPTURE_FRAMES || result == CAPTURE_IDLE; turn++) {
        batch->frames.step_us = worker->told_us;
        result = capture_read(worker->options.capture, &batch->frames, &worker->failure);
        dialect_exchange_take(inspector_dialects(worker->inspector));
        if (result == CAPTURE_FRAMES) {
            take_batch(worker, batch);
            pass_time(worker, flow_table_now(worker->flows));
        } else if (result == CAPTURE_IDLE) {
            pass_time(worker, clock_us(CLOCK_REALTIME)); /* live packets carry the wall clock's time */
        }
        if (turn % worker->ring_every == 0 || result != CAPTURE_FRAMES)
            report_writer_flush(worker->options.reports);
        atomic_fetch_add_explicit(&worker->beats, 1, memory_order_relaxed);
    }
    worker->failed = result == CAPTURE_FAILED;
    if (worker->options.number == 0)
        warn_of_cut_frames(worker);
    end_packets(worker);
    free(batch);
}

bool worker_failed(const struct worker *worker, struct error *error)
{
    if (worker->failed)
        *error = worker->failure;
    return worker->failed;
}

uint64_t worker_beats(const struct worker *worker)
{
    return atomic_load_explicit(&worker->beats, memory_order_relaxed);
}

bool worker_saw_nothing(const struct worker *worker)
{
    return worker->tracked == 0;
}

bool worker_explain_nothing(const struct worker *worker, struct error *error)
{
    if (worker->strange_source < 0)
        return false;
    error_set(error, STATUS_NO_INPUT,
              "nothing could be read: link type %s (%u) is none that geophone knows; capture on Ethernet, or "
              "convert the file",
              capture_link_type_name(worker->strange_link_type), worker->strange_link_type);
    return true;
}

void worker_request_statistics(struct worker *worker)
{
    atomic_store(&worker->statistics_wanted, true);
}

struct dialect_exchange *worker_dialects(struct worker *worker)
{
    return inspector_dialects(worker->inspector);
}

/* ---- life ---- */

static bool create_decoder(struct worker *worker, struct error *error)
{
    const struct config *config = worker->options.config;
    struct decode_port ports[CONFIG_MAX_LIST];
    struct decode_options options = {
        .fragment_bytes = (uint32_t)config->fragments.memory,
        .fragment_timeout_ms = (uint32_t)config->fragments.timeout_ms,
        .tenant = strcmp(config->flow.tunnel_in_key, "auto") == 0  ? TENANT_AUTO
                  : strcmp(config->flow.tunnel_in_key, "yes") == 0 ? TENANT_ANY
                                                                   : TENANT_NONE,
        .ports = ports,
        .port_count = config->tunnels.ports.count,
        .share = worker->share,
        .shares = capture_is_live(worker->options.capture) ? 1 : worker->options.count,
        .share_secret = worker->options.share_secret,
    };
    for (size_t i = 0; i < options.port_count; i++)
        if (!decode_port_parse(config->tunnels.ports.items[i], &ports[i], error))
            return false;
    worker->decoder = decoder_create(&options, error);
    if (options.shares > 1)
        capture_set_share(worker->options.capture, worker->share, share_of_frame, worker->decoder);
    return worker->decoder != NULL;
}

static bool create_filter(struct worker *worker, struct error *error)
{
    if (worker->options.config->capture.inner_filter[0] == '\0')
        return true;
    worker->filter = packet_filter_create(worker->options.config->capture.inner_filter, error);
    return worker->filter != NULL;
}

static bool create_packet_path(struct worker *worker, struct error *error)
{
    struct flow_limits flow_limits = worker_flow_limits(&worker->options);
    struct inspector_limits inspector_limits = worker_inspector_limits(&worker->options);
    uint8_t secret[16];
    siphash_make_secret(secret);
    if (!create_decoder(worker, error) || !create_filter(worker, error))
        return false;
    worker->inspector = inspector_create(&inspector_limits, worker->options.reports, error);
    if (worker->inspector == NULL)
        return false;
    worker->flows = flow_table_create(&flow_limits, secret, inspector_flow_ended, worker->inspector, error);
    if (worker->flows == NULL)
        return false;
    if (!duplicates_init(&worker->duplicates))
        return error_set(error, STATUS_FAILED, "out of memory for the packets seen last");
    inspector_set_table(worker->inspector, worker->flows);
    return true;
}

struct worker *worker_create(const struct worker_options *options, struct error *error)
{
    struct worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL) {
        error_set(error, STATUS_FAILED, "out of memory");
        return NULL;
    }
    worker->options = *options;
    worker->strange_source = -1;
    worker->share = capture_is_live(options->capture) ? 0 : options->number;
    worker->ring_every = capture_is_live(options->capture) ? 1 : FILE_RING_EVERY;
    worker->pressure = (struct capture_pressure){-1, -1};
    uint64_t interval_s = options->config->flow.report_interval_s;
    uint16_t units = flow_report_time((int64_t)interval_s * 1000000);
    worker->report_units = interval_s > 0 && units == 0 ? 1 : units;
    if (create_packet_path(worker, error))
        return worker;
    worker_free(worker);
    return NULL;
}

void worker_free(struct worker *worker)
{
    if (worker == NULL)
        return;
    flow_table_free(worker->flows);
    duplicates_done(&worker->duplicates);
    inspector_free(worker->inspector);
    packet_filter_free(worker->filter);
    decoder_free(worker->decoder);
    free(worker);
}
