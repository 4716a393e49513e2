// SPDX-License-Identifier: Apache-2.0
/*
 * Writes to Redis what a fleet of sensors would: the same commands, made by the same functions as in the
 * sensor, for many names. For load tests of Redis and the dashboard (scripts/load-test); the sensors' own
 * speed is measured elsewhere.
 *
 *     write-fleet URL SENSORS INCIDENTS SECONDS UPDATES
 *
 * First each sensor tells of its share of the incidents, opened, alerted and updated, with an hour of
 * statistics; then, for SECONDS, UPDATES incidents a second change, one of 50 closes and another is opened,
 * and each sensor gives its heartbeat and statistics every 10 s. "-" in the place of UPDATES: one sensor
 * writes more than any cap keeps, and no more. Prints a line of JSON when the first part is done, and one at
 * the end.
 */
#include "../unit/event_samples.h"

#include "redis/redis_client.h"
#include "sink/eve/eve.h"
#include "sink/redis/redis_commands.h"

#include <stdlib.h>
#include <time.h>

enum {
    SECOND_US = 1000000,
    TICK_MS = 100,
    INTERVAL_S = 10, /* of heartbeats and statistics, as in the sensor */
    HISTORY = 4,     /* updates of an incident before the measurement begins */
    PAST_POINTS = 120,
    BATCH = 256,
    CHURN = 50,
    FLOWS_EACH = 5, /* flow records of a sensor in an interval */
    MAX_SENSORS = 1000,
};

struct sensor {
    char name[32];
    struct config config;
    struct redis_keys keys;
    struct sensor_statistics statistics;
    struct mining seed; /* the place of its machines */
};

struct writer {
    struct redis_client *client;
    struct redis_text text;
    struct json_writer json;
    unsigned waiting; /* commands that are not answered */
    uint64_t commands, bytes, events, refused;
    struct sensor *sensors;
    unsigned sensor_count, incident_count;
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

static void die(const char *what)
{
    fprintf(stderr, "write-fleet: %s\n", what);
    exit(1);
}

static void take_answers(struct writer *writer)
{
    struct error error;
    for (; writer->waiting > 0; writer->waiting--) {
        enum redis_answer answer = redis_client_receive(writer->client, &error);
        if (answer == REDIS_ANSWER_REFUSED || answer == REDIS_ANSWER_FULL)
            writer->refused++;
        else if (answer != REDIS_ANSWER_DONE)
            die(error.text);
    }
}

static void put(struct writer *writer)
{
    if (writer->text.failed || !redis_client_send(writer->client, writer->text.bytes, writer->text.length))
        die("out of memory");
    writer->commands += writer->text.commands;
    writer->bytes += writer->text.length;
    writer->waiting += writer->text.commands;
    if (writer->waiting >= BATCH)
        take_answers(writer);
}

static void put_event(struct writer *writer, const struct sensor *sensor, struct event *event)
{
    event->sensor = sensor->name;
    json_writer_reset(&writer->json);
    eve_write(&writer->json, event);
    event->json = json_writer_text(&writer->json);
    event->json_length = event->json != NULL ? strlen(event->json) : 0;
    redis_commands_event(&writer->text, &sensor->keys, event);
    writer->events++;
    put(writer);
}

static void put_heartbeat(struct writer *writer, const struct sensor *sensor, int64_t time_us)
{
    const struct sink_environment environment = {.config = &sensor->config,
                                                 .version = "load",
                                                 .inputs = "eth0",
                                                 .started_us = time_us - 3600LL * SECOND_US,
                                                 .is_live = true};
    redis_commands_heartbeat(&writer->text, &sensor->keys, &environment, time_us);
    put(writer);
}

/* ---- what they tell ---- */

#define SET(field, ...) snprintf(field, sizeof field, __VA_ARGS__)

static const struct work {
    const char *coin, *algorithm, *dialect, *pool, *operator, * agent;
    double rate_hs, cost_hour;
} works[] = {
    {"XMR", "rx/0", "cryptonote-login", "gulf.moneroocean.stream", "MoneroOcean",
     "XMRig/6.21.0 (Linux x86_64)", 9800, 2.75},
    {"XMR", "rx/0", "cryptonote-login", "pool.supportxmr.com", "SupportXMR", "XMRig/6.22.2 (Windows NT 10.0)",
     4100, 1.15},
    {"BTC", "sha256d", "bitcoin-v1", "stratum.pool.example", "", "bitaxe/BM1370/v2.6.0", 1.2e12, 0},
    {"ETC", "etchash", "ethproxy", "etc.pool.example", "", "lolMiner 1.88", 61e6, 0.9},
    {"RVN", "kawpow", "kawpow", "rvn.pool.example", "", "T-Rex/0.26.8", 24e6, 0.7},
    {"", "", "bitcoin-v1", "stratum.unknown.example", "", "<img src=x onerror=alert(1)>", 0, 0},
};

/* Everything follows from the number and the time that has gone by, so nothing has to be kept. */
static struct mining mining_of(const struct writer *writer, unsigned number, unsigned generation,
                               int64_t first_us, int64_t time_us)
{
    unsigned scattered = number * 2654435761u;
    const struct work *work = &works[scattered % (sizeof works / sizeof works[0])];
    struct mining mining = writer->sensors[number % writer->sensor_count].seed;
    double seconds = (double)(time_us - first_us) / SECOND_US;
    mining.dialect = work->dialect;
    mining.verdict = number % 10 == 7   ? VERDICT_LIKELY
                     : number % 10 == 8 ? VERDICT_SUSPECTED
                                        : VERDICT_CONFIRMED;
    SET(mining.incident, "%08x%08x", number, generation);
    mining.miner.bytes[14] = (uint8_t)(number / writer->sensor_count >> 8);
    mining.miner.bytes[15] = (uint8_t)(number / writer->sensor_count);
    SET(mining.coin, "%s", work->coin);
    SET(mining.algorithm, "%s", work->algorithm);
    SET(mining.pool_domain, "%s", work->pool);
    SET(mining.pool_operator, "%s", work->operator);
    SET(mining.agent, "%s", work->agent);
    SET(mining.wallet,
        "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2w%08x",
        scattered % 97);
    SET(mining.user, "%.90s.rig-%u", mining.wallet, number % 40);
    SET(mining.worker, "rig-%u", number % 40);
    SET(mining.cloud.instance_id, "i-%017x", number);
    SET(mining.cloud.instance_name, "node-%u", number);
    mining.hashrate_hs = mining.hashrate_10m_hs =
        work->rate_hs * (0.9 + 0.2 * (double)(scattered % 100) / 100);
    mining.cost.hour = work->cost_hour, mining.cost.total = work->cost_hour * seconds / 3600;
    mining.shares_submitted = mining.shares_accepted = (uint64_t)(seconds / 12);
    mining.bytes = (uint64_t)(seconds * 90);
    mining.first_seen_us = first_us, mining.last_seen_us = time_us;
    return mining;
}

static void put_incident(struct writer *writer, unsigned number, unsigned generation, int64_t first_us,
                         int64_t time_us, enum incident_action action)
{
    struct mining mining = mining_of(writer, number, generation, first_us, time_us);
    struct event event = sample_event(EVENT_MINING, &mining);
    const struct sensor *sensor = &writer->sensors[number % writer->sensor_count];
    event.time_us = time_us;
    event.action = action;
    put_event(writer, sensor, &event);
    if (action != INCIDENT_OPENED)
        return;
    event.type = EVENT_ALERT;
    SET(event.alert_id, "%.16s-%u", mining.incident, generation);
    put_event(writer, sensor, &event);
}

static void put_statistics(struct writer *writer, struct sensor *sensor, int64_t time_us)
{
    struct event event = sample_event(EVENT_STATS, NULL);
    struct sensor_statistics *statistics = &sensor->statistics;
    statistics->capture.frames += 120000, statistics->capture.bytes += 90000000;
    statistics->packets_per_second = 12000, statistics->bits_per_second = 72e6;
    statistics->interval_flows = 900, statistics->flow.active = 12000;
    statistics->miners_active = statistics->incidents_active = writer->incident_count / writer->sensor_count;
    statistics->memory_bytes = 60000000;
    event.time_us = time_us;
    event.statistics = statistics;
    put_event(writer, sensor, &event);
}

static void put_flow(struct writer *writer, const struct sensor *sensor, uint64_t id, int64_t time_us)
{
    struct event event = sample_event(EVENT_FLOW, NULL);
    event.time_us = event.flow.last_us = time_us;
    event.flow.id = id;
    event.flow.client_port = (uint16_t)(id % 50000 + 1024);
    event.flow.mining = false;
    put_event(writer, sensor, &event);
}

/* ---- the fleet ---- */

static void place(struct mining *seed, unsigned number)
{
    static const struct {
        const char *provider, *region;
    } places[] = {{"aws", "eu-north-1"},      {"aws", "us-east-1"},      {"azure", "swedencentral"},
                  {"google", "europe-west4"}, {"aws", "ap-southeast-2"}, {"on-premises", "headquarters"}};
    size_t at = number % (sizeof places / sizeof places[0]);
    seed->miner = sample_address("10.0.0.0");
    seed->miner.bytes[13] = (uint8_t)number;
    seed->cloud.match = CLOUD_ADDRESS;
    SET(seed->cloud.provider, "%s", places[at].provider);
    SET(seed->cloud.region, "%s", places[at].region);
    SET(seed->cloud.account, "%012u", 111100000 + number % 40);
    SET(seed->cloud.instance_type, "c7i.8xlarge");
}

static void settle(struct writer *writer)
{
    writer->sensors = calloc(writer->sensor_count, sizeof *writer->sensors);
    if (writer->sensors == NULL)
        die("out of memory");
    for (unsigned i = 0; i < writer->sensor_count; i++) {
        struct sensor *sensor = &writer->sensors[i];
        SET(sensor->name, "load-%03u", i);
        sample_config(&sensor->config);
        sensor->config.sensor.name = sensor->name;
        sensor->config.redis.history_length = 20000;
        redis_keys_init(&sensor->keys, &sensor->config);
        sensor->seed = sample_mining();
        place(&sensor->seed, i);
    }
}

static int64_t first_of(unsigned number, int64_t start_us)
{
    return start_us - (int64_t)(number % 3000 + 60) * SECOND_US;
}

static void fill(struct writer *writer, int64_t start_us)
{
    for (unsigned i = 0; i < writer->sensor_count; i++) {
        put_heartbeat(writer, &writer->sensors[i], start_us);
        for (int64_t point = PAST_POINTS; point > 0; point--)
            put_statistics(writer, &writer->sensors[i], start_us - point * INTERVAL_S * SECOND_US);
    }
    for (unsigned i = 0; i < writer->incident_count; i++) {
        int64_t first_us = first_of(i, start_us);
        put_incident(writer, i, 0, first_us, first_us, INCIDENT_OPENED);
        for (int step = 1; step <= HISTORY; step++)
            put_incident(writer, i, 0, first_us, first_us + (start_us - first_us) * step / HISTORY,
                         INCIDENT_UPDATED);
    }
    take_answers(writer);
}

/* The life of the fleet in one tick: so many heartbeats and updates as fall into it. */
static void live(struct writer *writer, unsigned tick, unsigned updates, int64_t start_us)
{
    const unsigned ticks = INTERVAL_S * 1000 / TICK_MS;
    int64_t time_us = now_us();
    for (unsigned i = tick % ticks; i < writer->sensor_count; i += ticks) {
        put_heartbeat(writer, &writer->sensors[i], time_us);
        put_statistics(writer, &writer->sensors[i], time_us);
        for (unsigned flow = 0; flow < FLOWS_EACH; flow++)
            put_flow(writer, &writer->sensors[i], (uint64_t)tick * FLOWS_EACH + flow + 1, time_us);
    }
    uint64_t from = (uint64_t)tick * updates * TICK_MS / 1000,
             to = (uint64_t)(tick + 1) * updates * TICK_MS / 1000;
    for (uint64_t turn = from; turn < to; turn++) {
        unsigned number = (unsigned)(turn % writer->incident_count);
        unsigned generation = (unsigned)(turn / CHURN / writer->incident_count);
        int64_t first_us = first_of(number, start_us);
        if (turn % CHURN != 0) {
            put_incident(writer, number, 0, first_us, time_us, INCIDENT_UPDATED);
            continue;
        }
        put_incident(writer, number, 0, first_us, time_us, INCIDENT_CLOSED);
        put_incident(writer, number, generation + 1 + tick, time_us, time_us, INCIDENT_OPENED);
    }
    take_answers(writer);
}

/* More of everything than a sensor's caps keep. */
static void overfill(struct writer *writer, int64_t start_us)
{
    struct sensor *sensor = &writer->sensors[0];
    put_heartbeat(writer, sensor, start_us);
    for (unsigned i = 0; i < 12000; i++) {
        put_incident(writer, i, 0, start_us, start_us + (int64_t)i * SECOND_US, INCIDENT_OPENED);
        put_incident(writer, i, 0, start_us, start_us + (int64_t)i * SECOND_US, INCIDENT_UPDATED);
        put_statistics(writer, sensor, start_us + (int64_t)i * SECOND_US);
        put_statistics(writer, sensor, start_us + (int64_t)i * SECOND_US);
        for (uint64_t flow = 0; flow < 9; flow++)
            put_flow(writer, sensor, i * 9 + flow + 1, start_us + (int64_t)i * SECOND_US);
    }
    take_answers(writer);
}

static void tell(const struct writer *writer, const char *part, int64_t since_us)
{
    printf("{\"part\":\"%s\",\"seconds\":%.2f,\"events\":%llu,\"commands\":%llu,\"bytes\":%llu,\"refused\":%"
           "llu}\n",
           part, (double)(now_us() - since_us) / SECOND_US, (unsigned long long)writer->events,
           (unsigned long long)writer->commands, (unsigned long long)writer->bytes,
           (unsigned long long)writer->refused);
    fflush(stdout);
}

static struct redis_client *connect_to(const char *url)
{
    struct error error;
    struct redis_login login = {0};
    const struct redis_settings settings = {.url = url, .client_name = "write-fleet", .timeout_ms = 10000};
    if (!redis_login_read(&login, &settings, &error))
        die(error.text);
    struct redis_client *client = redis_client_connect(&login, &error);
    if (client == NULL)
        die(error.text);
    return client;
}

static unsigned number_of(const char *text, unsigned least, unsigned most)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*text == '\0' || *end != '\0' || number < least || number > most)
        die("usage: write-fleet URL SENSORS INCIDENTS SECONDS UPDATES");
    return (unsigned)number;
}

int main(int argc, char **argv)
{
    if (argc != 6)
        die("usage: write-fleet URL SENSORS INCIDENTS SECONDS UPDATES");
    struct writer writer = {.sensor_count = number_of(argv[2], 1, MAX_SENSORS),
                            .incident_count = number_of(argv[3], 1, 1000000)};
    unsigned ticks = number_of(argv[4], 0, 86400) * 1000 / TICK_MS;
    int64_t start_us = now_us();
    json_writer_init(&writer.json);
    writer.client = connect_to(argv[1]);
    settle(&writer);
    if (strcmp(argv[5], "-") == 0) {
        overfill(&writer, start_us);
        tell(&writer, "overfilled", start_us);
        return 0;
    }
    unsigned updates = number_of(argv[5], 0, 100000);
    fill(&writer, start_us);
    tell(&writer, "filled", start_us);
    int64_t live_us = now_us();
    for (unsigned tick = 0; tick < ticks; tick++) {
        live(&writer, tick, updates, start_us);
        int64_t left_us = live_us + (int64_t)(tick + 1) * TICK_MS * 1000 - now_us();
        if (left_us > 0)
            nanosleep(&(struct timespec){left_us / SECOND_US, left_us % SECOND_US * 1000}, NULL);
    }
    tell(&writer, "lived", live_us);
    redis_client_close(writer.client);
    return 0;
}
