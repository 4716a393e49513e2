// SPDX-License-Identifier: Apache-2.0
/*
 * The miner's place in the cloud for people.
 */
#ifndef SINK_SUMMARY_SUMMARY_PLACE_H
#define SINK_SUMMARY_SUMMARY_PLACE_H

#include "sink/summary/summary_page.h"
#include "verdict/event.h"

/* Rows of a miner's block; none where nothing is known. */
void summary_place_rows(const struct page *page, const struct mining *mining);

/* "web-3, eu-north-1" in a bracket with a blank before it, or ""; raw: the caller makes it safe. */
enum { SUMMARY_PLACE_SIZE = 400 };
const char *summary_place_short(const struct cloud_place *place, char text[static SUMMARY_PLACE_SIZE]);

#endif
