// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model.h"

#include <stdlib.h>

struct model {
    struct model_limits limits;
    struct model_link link;
};

struct model *model_create(const struct model_limits *limits, struct error *error)
{
    struct model *model = calloc(1, sizeof *model);
    if (model == NULL) {
        error_set(error, STATUS_FAILED, "out of memory for the model");
        return NULL;
    }
    model->limits = *limits;
    model->link.loading = true;
    return model;
}

void model_free(struct model *model)
{
    free(model);
}

const struct model_link *model_link(const struct model *model)
{
    return &model->link;
}

bool model_set_link(struct model *model, const struct model_link *link)
{
    bool changed = link->connected != model->link.connected || link->loading != model->link.loading;
    model->link = *link;
    return changed;
}
