// SPDX-License-Identifier: Apache-2.0
/*
 * The application by the first payload, whatever that is: nothing behind it is read, and what it is called
 * does not depend on what was looked at before.
 *
 * Input: a byte of the transport and the direction, two ports (big endian), then the payload.
 */
#include "fuzzing.h"

#include "inspect/application.h"

enum { HEAD = 5, UDP = 1, TO_THE_CLIENT = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length < HEAD)
        return 0;
    uint8_t *copy = copy_of(bytes + HEAD, length - HEAD);
    struct packet packet = {.protocol = (bytes[0] & UDP) != 0 ? PROTOCOL_UDP : PROTOCOL_TCP,
                            .source_port = (uint16_t)(bytes[1] << 8 | bytes[2]),
                            .destination_port = (uint16_t)(bytes[3] << 8 | bytes[4]),
                            .payload = copy,
                            .payload_captured = (uint32_t)(length - HEAD),
                            .payload_length = (uint32_t)(length - HEAD)};
    enum direction direction = (bytes[0] & TO_THE_CLIENT) != 0 ? TO_CLIENT : TO_SERVER;
    uint16_t application = application_by_payload(&packet, direction);
    require(application < APPLICATION_OWN_COUNT && application_name(application)[0] != '\0');
    require(application == APPLICATION_UNKNOWN || length > HEAD);
    struct packet other = packet;
    other.payload_captured /= 2;
    application_by_payload(&other, direction);
    require(application_by_payload(&packet, direction) == application);
    copy_free(copy);
    return 0;
}
