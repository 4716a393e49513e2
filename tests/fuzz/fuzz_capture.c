// SPDX-License-Identifier: Apache-2.0
/*
 * Whole capture files, plain and compressed: the byte stream, both formats and a filter. Also checks what the
 * readers promise: frames of a batch lie within what was captured, and reading ends.
 */
#include "memory_file.h"

#include "base/log.h"
#include "capture/capture.h"

static void read_all(const char *path, const char *filter)
{
    struct capture_options options = {.filter = filter};
    struct error error;
    struct capture *capture = capture_open_files(&path, 1, &options, &error);
    if (capture == NULL)
        return;
    struct frame_batch batch = {0};
    volatile uint8_t sum = 0;
    while (capture_read(capture, &batch, &error) == CAPTURE_FRAMES) {
        if (batch.count == 0 || batch.count > FRAME_BATCH_SIZE)
            abort();
        for (size_t i = 0; i < batch.count; i++) {
            const struct frame *frame = &batch.frames[i];
            if (frame->length < frame->captured || frame->source != 0)
                abort();
            for (uint32_t k = 0; k < frame->captured; k += 61)
                sum = (uint8_t)(sum + frame->data[k]);
        }
    }
    capture_close(capture);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    log_set_level(LOG_LEVEL_ERROR); /* a warning for each input would be most of the work */
    read_all(memory_file(bytes, length), length % 8 == 0 ? "tcp port 3333" : NULL);
    return 0;
}
