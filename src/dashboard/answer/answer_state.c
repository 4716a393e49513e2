// SPDX-License-Identifier: Apache-2.0
#include "dashboard/answer/answer_state.h"

#include "dashboard/answer/answers.h"

static double seconds(int64_t time_us)
{
    return (double)time_us / 1e6;
}

void answer_write_state(struct json_writer *json, const struct model *model, int64_t now_us)
{
    const struct model_link *link = model_link(model);
    json_object(json, "state");
    json_double(json, "time", seconds(now_us));
    json_boolean(json, "connected", link->connected);
    json_boolean(json, "loading", link->loading);
    json_double(json, "updated", seconds(link->updated_us));
    json_double(json, "stale_since", link->connected ? 0 : seconds(link->lost_us));
    json_string(json, "message", link->message);
    json_object_end(json);
}

void answer_health(const struct request *request, const struct model *model, struct answer *answer)
{
    (void)request;
    const struct model_link *link = model_link(model);
    answer->status = link->connected ? 200 : 503;
    json_object(&answer->json, NULL);
    json_string(&answer->json, "status", link->connected ? "ok" : "degraded");
    json_boolean(&answer->json, "connected", link->connected);
    json_boolean(&answer->json, "loading", link->loading);
    json_double(&answer->json, "updated", seconds(link->updated_us));
    json_string(&answer->json, "message", link->message);
    json_object_end(&answer->json);
}
