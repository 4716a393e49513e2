// SPDX-License-Identifier: Apache-2.0
/*
 * What the model knows of pools, as the feeds take it.
 */
#ifndef DASHBOARD_FEED_FEED_SOURCE_H
#define DASHBOARD_FEED_FEED_SOURCE_H

#include "dashboard/feed/feed.h"
#include "dashboard/model/model.h"

/* Their texts are the model's, valid for as long as it is locked; the caller frees the array. False where
 * memory ran out. */
bool feed_source_read(const struct model *model, struct feed_sighting **sightings, size_t *count);

#endif
