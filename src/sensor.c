// SPDX-License-Identifier: Apache-2.0
/*
 * The journey of a packet, and the two threads it takes place in. Read this file first.
 */
#include "sensor.h"

#include "base/log.h"
#include "base/siphash.h"
#include "decode/decode.h"
#include "decode/packet_filter.h"
#include "flow/flow_table.h"
#include "inspect/dialect/dialect_library.h"
#include "inspect/inspector.h"
#include "sink/sink.h"
#include "verdict/judge.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    RING_BYTES = 8 << 20,   /* some 4,000 conversations, or 30,000 flow records */
    TIME_EVERY_US = 100000, /* the verdict thread hears of packet time this often */
};

struct sensor {
    const struct config *config;
    struct capture *capture;
    struct report_queue *reports;
    struct report_writer *writer;
    struct sinks *sinks;
    struct judge *judge;
    struct sink_environment environment;
    struct dialect_library *dialects; /* touched at the start, and by sensor_reload() */

    /* the packet thread's */
    struct decoder *decoder;
    struct packet_filter *filter; /* NULL: all packets */
    uint64_t filtered;            /* packets that it refused */
    struct flow_table *flows;
    struct inspector *inspector;
    uint64_t tracked;            /* packets that reached the flow table */
    uint16_t strange_link_type;  /* link type that no layer knows, of the source named beside it */
    int32_t strange_source;      /* -1: none was met */
    uint16_t report_units;       /* between interim records of a flow; 0: none */
    int64_t told_us;             /* packet time that was told last */
    int64_t statistics_us;       /* packet time of the latest statistics */
    uint64_t frames, cut_frames; /* all; those of which the capture holds only the beginning */

    pthread_t packet_thread, verdict_thread;
    _Atomic bool done;
    _Atomic bool statistics_wanted;
    bool failed; /* written by the packet thread, read after it ended */
    struct error failure;
};

/* ---- the packet thread ---- */

/*
 * One batch, stage by stage: all frames are decoded and their flows looked for before the first flow is
 * touched, so that memory is on its way when it is needed. A fragment that completes a datagram lives in the
 * decoder only until the next one is decoded, so it is taken through at once.
 */
struct batch {
    struct frame_batch frames;
    struct packet packets[FRAME_BATCH_SIZE];
    struct flow_lookup lookups[FRAME_BATCH_SIZE];
    size_t count; /* packets */
};

/* A flow that goes on for long is told of now and then: it may take days to end. */
static void report_long_flow(struct sensor *sensor, struct flow *flow)
{
    uint16_t now = flow_report_time(flow->last_us);
    bool is_new = flow->packets[TO_SERVER] + flow->packets[TO_CLIENT] == 1;
    if (sensor->report_units == 0 || (!is_new && (int16_t)(now - flow->report_due) < 0))
        return;
    flow->report_due = (uint16_t)(now + sensor->report_units);
    if (!is_new)
        inspector_flow_goes_on(sensor->inspector, flow);
}

static void track(struct sensor *sensor, const struct packet *packet, const struct flow_lookup *lookup)
{
    enum direction direction;
    struct flow *flow = flow_table_get(sensor->flows, packet, lookup, &direction);
    if (flow == NULL)
        return;
    report_long_flow(sensor, flow);
    if (inspector_wants(flow, packet))
        inspector_packet(sensor->inspector, flow, direction, packet);
}

static void track_all(struct sensor *sensor, struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        flow_table_prefetch(sensor->flows, &batch->lookups[i]);
    for (size_t i = 0; i < batch->count; i++)
        track(sensor, &batch->packets[i], &batch->lookups[i]);
    batch->count = 0;
}

/* A link type that cannot be read is said once for each input. */
static void strange_frame(struct sensor *sensor, const struct frame *frame)
{
    if (sensor->strange_source == frame->source && sensor->strange_link_type == frame->link_type)
        return;
    sensor->strange_source = frame->source;
    sensor->strange_link_type = frame->link_type;
    log_warning("decode",
                "%s has frames of link type %s (%u), which geophone does not read: they are passed over",
                capture_source_name(sensor->capture, frame->source), capture_link_type_name(frame->link_type),
                frame->link_type);
}

static void take_batch(struct sensor *sensor, struct batch *batch)
{
    sensor->frames += batch->frames.count;
    for (size_t i = 0; i < batch->frames.count; i++) {
        sensor->cut_frames += batch->frames.frames[i].captured < batch->frames.frames[i].length;
        struct packet *packet = &batch->packets[batch->count];
        enum decode_result result = decode(sensor->decoder, &batch->frames.frames[i], packet);
        if (result == DECODE_UNSUPPORTED)
            strange_frame(sensor, &batch->frames.frames[i]);
        if (result != DECODE_PACKET)
            continue;
        if (sensor->filter != NULL && !packet_filter_accepts(sensor->filter, packet)) {
            sensor->filtered++;
            continue;
        }
        sensor->tracked++;
        flow_table_prepare(sensor->flows, packet, &batch->lookups[batch->count++]);
        if (packet->reassembled)
            track_all(sensor, batch);
    }
    track_all(sensor, batch);
}

/* What was cut off cannot be inspected: whoever reads that no mining was found must know. */
static void warn_of_cut_frames(const struct sensor *sensor)
{
    enum { WORTH_A_WORD = 100 }; /* one in so many */
    if (sensor->cut_frames == 0 || sensor->cut_frames < sensor->frames / WORTH_A_WORD)
        return;
    log_warning(
        "capture",
        "%llu of %llu packets were captured only in part, so mining may be missed; capture whole packets "
        "(tcpdump -s 0, here capture.snapshot-length)",
        (unsigned long long)sensor->cut_frames, (unsigned long long)sensor->frames);
}

static void get_statistics(struct sensor *sensor, struct worker_statistics *statistics)
{
    inspector_get_statistics(sensor->inspector, statistics);
    capture_get_statistics(sensor->capture, &statistics->capture);
    statistics->capture.filtered += sensor->filtered;
    statistics->tunnels = decoder_tunnels(sensor->decoder);
    statistics->decode = *decoder_statistics(sensor->decoder);
    flow_table_get_statistics(sensor->flows, &statistics->flow);
}

/* Ends what timed out, and lets the verdict thread know how late it is. */
static void pass_time(struct sensor *sensor, int64_t now_us)
{
    flow_table_advance(sensor->flows, now_us);
    int64_t passed = now_us - sensor->told_us;
    if (passed >= 0 && passed < TIME_EVERY_US)
        return;
    sensor->told_us = now_us;
    int64_t interval_us = (int64_t)sensor->config->statistics.interval_s * 1000000;
    if (sensor->statistics_us == 0)
        sensor->statistics_us = now_us;
    struct worker_statistics statistics;
    bool due = (interval_us > 0 && now_us - sensor->statistics_us >= interval_us) ||
               atomic_exchange(&sensor->statistics_wanted, false);
    if (due) {
        sensor->statistics_us = now_us;
        get_statistics(sensor, &statistics);
    }
    inspector_report_time(sensor->inspector, now_us, due ? &statistics : NULL);
}

static int64_t wall_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void end_packets(struct sensor *sensor)
{
    struct worker_statistics statistics = {0};
    int64_t now_us = flow_table_now(sensor->flows);
    flow_table_flush(sensor->flows);
    get_statistics(sensor, &statistics);
    inspector_report_time(sensor->inspector, now_us, &statistics);
    inspector_report_end(sensor->inspector, now_us);
}

static void *packet_thread(void *context)
{
    struct sensor *sensor = context;
    struct batch *batch = calloc(1, sizeof *batch);
    enum capture_result result = batch == NULL ? CAPTURE_FAILED : CAPTURE_IDLE;
    if (batch == NULL)
        error_set(&sensor->failure, STATUS_FAILED, "out of memory for a batch of packets");
    while (result == CAPTURE_FRAMES || result == CAPTURE_IDLE) {
        result = capture_read(sensor->capture, &batch->frames, &sensor->failure);
        dialect_exchange_take(inspector_dialects(sensor->inspector));
        if (result == CAPTURE_FRAMES) {
            take_batch(sensor, batch);
            pass_time(sensor, flow_table_now(sensor->flows));
        } else if (result == CAPTURE_IDLE) {
            pass_time(sensor, wall_clock_us()); /* live packets carry the wall clock's time */
        }
        bell_ring(sensor->writer->bell);
    }
    sensor->failed = result == CAPTURE_FAILED;
    if (sensor->tracked == 0 && sensor->strange_source >= 0) {
        sensor->failed = true;
        error_set(&sensor->failure, STATUS_NO_INPUT,
                  "nothing could be read: link type %s (%u) is none that geophone knows; capture on "
                  "Ethernet, or convert "
                  "the file",
                  capture_link_type_name(sensor->strange_link_type), sensor->strange_link_type);
    }
    warn_of_cut_frames(sensor);
    end_packets(sensor);
    free(batch);
    atomic_store(&sensor->done, true);
    return NULL;
}

/* ---- the verdict thread ---- */

static void *verdict_thread(void *context)
{
    struct sensor *sensor = context;
    judge_run(sensor->judge);
    return NULL;
}

static void outlet_emit(void *context, struct event *event)
{
    sinks_emit(((struct sensor *)context)->sinks, event);
}

static void outlet_tick(void *context)
{
    sinks_tick(((struct sensor *)context)->sinks);
}

static void outlet_reopen(void *context)
{
    sinks_reopen(((struct sensor *)context)->sinks);
}

static void outlet_add_statistics(void *context, struct sensor_statistics *statistics)
{
    struct sink_statistics sinks;
    sinks_get_statistics(((struct sensor *)context)->sinks, &sinks);
    memcpy(statistics->sink_dropped, sinks.dropped, sizeof statistics->sink_dropped);
    statistics->sink_queue = sinks.queued;
}

/* ---- life ---- */

static bool create_decoder(struct sensor *sensor, struct error *error)
{
    const struct config *config = sensor->config;
    struct decode_port ports[CONFIG_MAX_LIST];
    struct decode_options options = {
        .fragment_bytes = (uint32_t)config->fragments.memory,
        .fragment_timeout_ms = (uint32_t)config->fragments.timeout_ms,
        .tenant = strcmp(config->flow.tunnel_in_key, "auto") == 0  ? TENANT_AUTO
                  : strcmp(config->flow.tunnel_in_key, "yes") == 0 ? TENANT_ANY
                                                                   : TENANT_NONE,
        .ports = ports,
        .port_count = config->tunnels.ports.count,
    };
    for (size_t i = 0; i < options.port_count; i++)
        if (!decode_port_parse(config->tunnels.ports.items[i], &ports[i], error))
            return false;
    sensor->decoder = decoder_create(&options, error);
    return sensor->decoder != NULL;
}

static bool create_filter(struct sensor *sensor, struct error *error)
{
    if (sensor->config->capture.inner_filter[0] == '\0')
        return true;
    sensor->filter = packet_filter_create(sensor->config->capture.inner_filter, error);
    return sensor->filter != NULL;
}

/* Reads the dialect files, and lays down what they make of the dialects for the packet thread to take. */
static bool load_dialects(struct sensor *sensor, const struct config *config, struct error *error)
{
    size_t count;
    struct dialect_set *set = dialect_library_load(sensor->dialects, config->signatures.directory, error);
    if (set == NULL)
        return false;
    dialect_set_entries(set, &count);
    log_info("signatures", "loaded: %zu dialects, %zu of them built in", count, dialect_count);
    dialect_exchange_hand(inspector_dialects(sensor->inspector), set);
    return true;
}

static bool create_packet_path(struct sensor *sensor, struct error *error)
{
    const struct config *config = sensor->config;
    struct flow_limits flow_limits = {
        .max_flows = (uint32_t)config->flow.max_flows,
        .new_timeout_s = (uint32_t)config->flow.new_timeout_s,
        .tcp_timeout_s = (uint32_t)config->flow.tcp_timeout_s,
        .other_timeout_s = (uint32_t)config->flow.other_timeout_s,
        .closed_timeout_s = (uint32_t)config->flow.closed_timeout_s,
        .mining_timeout_s = (uint32_t)config->flow.mining_timeout_s,
        .vlans = strcmp(config->flow.vlan_in_key, "auto") == 0  ? VLAN_AUTO
                 : strcmp(config->flow.vlan_in_key, "yes") == 0 ? VLAN_EXACT
                                                                : VLAN_IGNORED,
    };
    struct inspector_limits inspector_limits = {
        .max_flows = (uint32_t)config->reassembly.max_flows,
        .max_sessions = (uint32_t)config->inspect.max_sessions,
        .max_partial = (uint32_t)(config->inspect.partial_memory / 8192),
        .ndpi_packets = config->inspect.ndpi ? (uint32_t)config->inspect.ndpi_packets : 0,
        .wait = !capture_is_live(sensor->capture),
        .reassembly = {.store_bytes = (uint32_t)config->reassembly.memory,
                       .direction_bytes = (uint32_t)config->reassembly.direction_memory,
                       .max_flows = (uint32_t)config->reassembly.max_flows},
    };
    uint8_t secret[16];
    siphash_make_secret(secret);
    if (!create_decoder(sensor, error) || !create_filter(sensor, error))
        return false;
    sensor->inspector = inspector_create(&inspector_limits, sensor->writer, error);
    if (sensor->inspector == NULL)
        return false;
    sensor->flows = flow_table_create(&flow_limits, secret, inspector_flow_ended, sensor->inspector, error);
    if (sensor->flows == NULL)
        return false;
    inspector_set_table(sensor->inspector, sensor->flows);
    sensor->dialects = dialect_library_create();
    if (sensor->dialects == NULL)
        return error_set(error, STATUS_FAILED, "out of memory for the dialects");
    return load_dialects(sensor, config, error);
}

struct sensor *sensor_create(const struct sensor_options *options, struct error *error)
{
    struct sensor *sensor = calloc(1, sizeof *sensor);
    if (sensor == NULL) {
        error_set(error, STATUS_FAILED, "out of memory");
        return NULL;
    }
    sensor->strange_source = -1;
    sensor->config = options->config;
    sensor->capture = options->capture;
    sensor->environment = (struct sink_environment){
        .config = options->config,
        .version = GEOPHONE_VERSION,
        .inputs = options->inputs,
        .started_us = wall_clock_us(),
        .is_live = capture_is_live(options->capture),
    };
    uint64_t interval_s = options->config->flow.report_interval_s;
    uint16_t units = flow_report_time((int64_t)interval_s * 1000000);
    sensor->report_units = interval_s > 0 && units == 0 ? 1 : units;
    sensor->reports = report_queue_create(1, RING_BYTES, !capture_is_live(options->capture), error);
    if (sensor->reports == NULL)
        goto failed;
    sensor->writer = report_queue_writer(sensor->reports, 0);
    if (!create_packet_path(sensor, error))
        goto failed;
    struct judge_outlet outlet = {sensor, outlet_emit, outlet_tick, outlet_reopen, outlet_add_statistics};
    sensor->judge = judge_create(options->config, options->capture, sensor->reports, &outlet, error);
    if (sensor->judge == NULL)
        goto failed;
    sensor->sinks = sinks_open(&sensor->environment, error); /* last: closing the summary prints it */
    if (sensor->sinks == NULL)
        goto failed;
    return sensor;
failed:
    sensor_free(sensor);
    return NULL;
}

bool sensor_start(struct sensor *sensor, struct error *error)
{
    if (pthread_create(&sensor->verdict_thread, NULL, verdict_thread, sensor) != 0)
        return error_set(error, STATUS_FAILED,
                         "cannot start the verdict thread: too many threads on this machine");
    if (pthread_create(&sensor->packet_thread, NULL, packet_thread, sensor) != 0) {
        inspector_report_end(sensor->inspector, 0);
        pthread_join(sensor->verdict_thread, NULL);
        return error_set(error, STATUS_FAILED,
                         "cannot start the packet thread: too many threads on this machine");
    }
    return true;
}

bool sensor_is_done(const struct sensor *sensor)
{
    return atomic_load(&sensor->done);
}

bool sensor_finish(struct sensor *sensor, struct error *error)
{
    pthread_join(sensor->packet_thread, NULL);
    pthread_join(sensor->verdict_thread, NULL);
    bool written = sinks_close(sensor->sinks);
    sensor->sinks = NULL;
    if (sensor->failed) {
        *error = sensor->failure;
        return false;
    }
    return written ||
           error_set(error, STATUS_FAILED, "not all events could be written: see the messages before");
}

bool sensor_found_mining(const struct sensor *sensor)
{
    return judge_found_mining(sensor->judge);
}

void sensor_reload(struct sensor *sensor, const struct config *config)
{
    struct error error;
    if (!load_dialects(sensor, config, &error))
        log_error("signatures", "%s; the dialects that were loaded before stay in use", error.text);
    judge_request_reload(sensor->judge, config);
}

void sensor_write_statistics(struct sensor *sensor)
{
    if (sensor->environment.is_live)
        atomic_store(&sensor->statistics_wanted, true); /* the packet thread comes by every moment */
    else
        judge_request_statistics(sensor->judge); /* it may wait for its input */
}

void sensor_free(struct sensor *sensor)
{
    if (sensor == NULL)
        return;
    sinks_close(sensor->sinks);
    judge_free(sensor->judge);
    flow_table_free(sensor->flows);
    inspector_free(sensor->inspector);
    packet_filter_free(sensor->filter);
    decoder_free(sensor->decoder);
    report_queue_free(sensor->reports);
    dialect_library_free(sensor->dialects); /* last: reports, dossiers and sinks point into it */
    free(sensor);
}
