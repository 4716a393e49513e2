// SPDX-License-Identifier: Apache-2.0
#include "capture/file_format.h"

#include <stdio.h>
#include <string.h>

static const struct file_format *const formats[] = {&file_pcap, &file_pcapng};

static void describe_magic(const uint8_t *magic, char *text, size_t size)
{
    bool printable = true;
    for (size_t i = 0; i < FILE_MAGIC_LENGTH; i++)
        printable = printable && magic[i] >= 0x20 && magic[i] < 0x7f;
    if (printable)
        snprintf(text, size, "\"%.*s\"", FILE_MAGIC_LENGTH, (const char *)magic);
    else
        snprintf(text, size, "the bytes %02x %02x %02x %02x", magic[0], magic[1], magic[2], magic[3]);
}

const struct file_format *file_format_recognise(struct byte_stream *stream, const char *name,
                                                struct error *error)
{
    static const char formats_read[] = "pcap and pcapng are read, plain or compressed with gzip or zstd";
    enum byte_stream_result result = byte_stream_fill(stream, FILE_MAGIC_LENGTH);
    if (result == BYTE_STREAM_INTERRUPTED) {
        error_set(error, STATUS_NO_INPUT, "interrupted while waiting for the first bytes of %s", name);
        return NULL;
    }
    if (result == BYTE_STREAM_SHORT) {
        const char *fault = byte_stream_fault(stream);
        if (fault != NULL)
            error_set(error, STATUS_NO_INPUT, "cannot read %s: %s", name, fault);
        else
            error_set(error, STATUS_NO_INPUT, "%s is no capture file: it %s; %s", name,
                      byte_stream_left(stream) == 0 ? "is empty" : "has less than 4 bytes", formats_read);
        return NULL;
    }
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (formats[i]->recognise(stream->at))
            return formats[i];
    char magic[32];
    describe_magic(stream->at, magic, sizeof magic);
    error_set(error, STATUS_NO_INPUT, "%s is no capture file: it begins with %s; %s", name, magic,
              formats_read);
    return NULL;
}

enum file_result file_format_fill(struct byte_stream *stream, size_t length, struct error *error)
{
    switch (byte_stream_fill(stream, length)) {
    case BYTE_STREAM_READY:
        return FILE_READY;
    case BYTE_STREAM_INTERRUPTED:
        return FILE_INTERRUPTED;
    case BYTE_STREAM_SHORT:
        break;
    }
    const char *fault = byte_stream_fault(stream);
    if (fault == NULL && byte_stream_left(stream) == 0)
        return FILE_END;
    error_set(error, STATUS_FAILED, "%s", fault != NULL ? fault : "the file ends too early");
    return FILE_FAULT;
}
