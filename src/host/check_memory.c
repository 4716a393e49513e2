// SPDX-License-Identifier: Apache-2.0
/* There is memory for what the settings allow; each of them is a bound that may be reached one day. */
#include "host/check.h"

#include "base/humanise.h"

enum {
    FLOW_BYTES = 200, /* docs/configuration.md, flow.max-flows */
    FIXED_MIB = 256,  /* lists, tables of the judge, buffers of sinks */
    MIB = 1 << 20,
};

static uint64_t allowed_by_settings(const struct host_check_options *options)
{
    const struct config *config = options->config;
    size_t rings = options->interface_count + options->port_count;
    uint64_t bytes = (uint64_t)FIXED_MIB * MIB + config->capture.buffer_size * (rings > 0 ? rings : 1) +
                     config->flow.max_flows * FLOW_BYTES + config->reassembly.memory +
                     config->fragments.memory + config->inspect.partial_memory;
    return bytes + (config->redis.enabled ? config->redis.queue_memory : 0);
}

/* What is free here, or what the control group leaves, where that is less. */
static bool find_available(struct check_host *host, uint64_t *bytes)
{
    char text[4096];
    uint64_t limit, used;
    if (!check_read_file(host, text, sizeof text, "/proc/meminfo") ||
        !check_find_number(text, "MemAvailable:", bytes))
        return false;
    *bytes *= 1024;
    if (check_read_number(host, &limit, "/sys/fs/cgroup/memory.max") &&
        check_read_number(host, &used, "/sys/fs/cgroup/memory.current") && used <= limit &&
        limit - used < *bytes)
        *bytes = limit - used;
    return true;
}

void check_memory(struct check_host *host)
{
    char text[HUMANISE_SIZE], other[HUMANISE_SIZE];
    uint64_t available, wanted = allowed_by_settings(host->options);
    if (!find_available(host, &available)) {
        check_tell(host, CHECK_UNKNOWN, "/proc/meminfo does not tell what is free");
        check_mend(host, "free -m");
    } else if (available < host->options->config->capture.buffer_size) {
        check_tell(host, CHECK_FAIL, "%s are free, less than one capture buffer takes",
                   humanise_bytes(available, text));
        check_mend(host, "geophone --set capture.buffer-size=8m ...");
    } else if (available < wanted) {
        check_tell(host, CHECK_WARN, "%s are free, and the settings allow up to some %s",
                   humanise_bytes(available, text), humanise_bytes(wanted, other));
        check_mend(host, "geophone --set flow.max-flows=262144 --set capture.buffer-size=16m ...");
    } else {
        check_tell(host, CHECK_OK, "%s are free; the settings allow up to some %s",
                   humanise_bytes(available, text), humanise_bytes(wanted, other));
    }
}
