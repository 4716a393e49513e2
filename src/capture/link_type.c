// SPDX-License-Identifier: Apache-2.0
#include "capture/link_type.h"
#include "capture/capture.h"

#include <pcap/pcap.h>

const char *capture_link_type_name(uint16_t link_type)
{
    const char *name = pcap_datalink_val_to_name(link_type_to_dlt(link_type));
    return name == NULL ? "unknown" : name;
}
