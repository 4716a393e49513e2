// SPDX-License-Identifier: Apache-2.0
/*
 * Where packets come from: capture files (pcap, pcapng; plain, .gz, .zst; a directory; standard input) or
 * live interfaces, or UDP sockets that mirrors deliver to. One capture is read by one thread; files that
 * several threads read are read once, and each thread is given all frames (capture_join()).
 *
 * Files are read by geophone's own readers (file_pcap.c, file_pcapng.c over byte_stream.c), in order and
 * without a copy per packet; interfaces by libpcap (live.c, the only user of its capture calls); filter.c
 * compiles BPF expressions with libpcap for both.
 */
#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include "base/error.h"
#include "capture/frame.h"

#include <stdbool.h>
#include <stdint.h>

struct capture;

enum capture_result {
    CAPTURE_FRAMES, /* batch->count >= 1 frames */
    CAPTURE_IDLE,   /* live only: nothing came for a moment (at most 100 ms); the batch is empty */
    CAPTURE_END,    /* all files are read, or the capture was told to stop */
    CAPTURE_FAILED, /* live only: the interface is gone; `error` says so */
};

struct capture_options {
    const char *filter; /* BPF expression; NULL or "": all packets */
    /* live only */
    uint32_t snapshot_length; /* bytes a packet; default 262144 */
    uint32_t buffer_bytes;    /* kernel ring; default 64 MiB */
    uint32_t timeout_ms;      /* the kernel hands packets over after this; default 2 */
    bool promiscuous;
    uint16_t fanout; /* captures with the same number, not 0, have the packets between them; see fanout.h */
    uint32_t fanout_members; /* how many these are */
    bool quiet;              /* another capture of the same interfaces warns of what is wrong with them */
};

struct capture_statistics {
    uint64_t frames;          /* handed over by capture_read() */
    uint64_t bytes;           /* of these, on the wire */
    uint64_t filtered;        /* files only: refused by the filter */
    uint64_t kernel_drops;    /* live: lost because geophone was late */
    uint64_t interface_drops; /* live: lost by the interface */
    uint64_t bytes_read;      /* files: position in the input, compressed bytes where it is compressed */
    uint64_t bytes_total;     /* files: size of all inputs; 0 where unknown (standard input, a pipe) */
    uint64_t faults;          /* files that ended in a fault: truncated, corrupt; each was warned of */
};

/* Live: how near packets are to being lost. -1: not known. The worst of the last moment (some 250 ms). */
struct capture_pressure {
    int64_t lag_us;         /* how old packets were when they were read */
    int64_t queue_permille; /* how full the buffer of the fullest socket is; not known of packet sockets */
};

/*
 * Opens capture files to be read one after another. `paths` are `count` names: a file, a directory (all its
 * files in name order that are captures, sub-directories left out) or "-" for standard input. The first input
 * is opened here; an input that cannot be opened or is no capture is an error (STATUS_NO_INPUT), as is an
 * unsupported filter (STATUS_USAGE). A fault inside a file is warned of with log_warning("capture", ...),
 * which says where (packet number, byte offset); what was read before it is kept and reading goes on with the
 * next file.
 */
struct capture *capture_open_files(const char *const *paths, size_t count,
                                   const struct capture_options *options, struct error *error);

/* Opens live interfaces (STATUS_NO_INPUT where there is none of that name, STATUS_NOT_PERMITTED without the
 * right). */
struct capture *capture_open_interfaces(const char *const *names, size_t count,
                                        const struct capture_options *options, struct error *error);

/* Opens UDP sockets at which mirrors deliver. `names` are tunnels with their ports: "vxlan:4789". Frames are
 * the IP packets that came. No right is needed for ports from 1024 on. */
struct capture *capture_open_sockets(const char *const *names, size_t count,
                                     const struct capture_options *options, struct error *error);

/*
 * Another capture of the files of `first`, before anything was read of it, for another thread: what is read
 * is read once, by whichever of them comes to it first, and each is given all frames. `first` has the
 * counters but for frames and bytes. NULL with `error` where memory lacks.
 */
struct capture *capture_join(struct capture *first, struct error *error);

/* Joined captures, each before its first read: it goes on with the frames of share `number`, and asks `share`
 * of each frame that it reads for all whose it is (`share` of the frame). All must give the same answers. */
void capture_set_share(struct capture *capture, uint8_t number, frame_share *share, const void *context);

/* Fills `batch`; frames of the call before are gone. `error` is filled with CAPTURE_FAILED only. */
enum capture_result capture_read(struct capture *capture, struct frame_batch *batch, struct error *error);

/* Live, before the first read: frames from before this call are passed over. Captures that have the packets
 * between them are opened one after another, and until the last one has joined the first have packets that
 * are not theirs. */
void capture_begin_now(struct capture *capture);

/* Makes capture_read() give CAPTURE_END soon. Of files nothing is read any more, but what was read before is
 * handed over: of a pipe nobody could read it again. Stopping the first of joined captures stops all. The
 * only function that another thread or a signal handler may call. */
void capture_stop(struct capture *capture);

/* The file or interface that frame.source means; owned by the capture, valid as long as it is. NULL: no such
 * source. */
const char *capture_source_name(const struct capture *capture, uint16_t source);
bool capture_is_live(const struct capture *capture);

/*
 * The LINKTYPE_ of an input as far as it is known: of each interface; of the file that is being read (right
 * after opening: the first one). For pcapng that of the first interface in it. -1 where unknown. For the
 * reading thread.
 */
int capture_link_type(const struct capture *capture, uint16_t source);

/* May be called from another thread at any time: counters are read without tearing. */
void capture_get_statistics(const struct capture *capture, struct capture_statistics *statistics);

void capture_get_pressure(const struct capture *capture, struct capture_pressure *pressure); /* likewise */

/* The worse of the two. */
void capture_pressure_add(struct capture_pressure *worst, const struct capture_pressure *more);

void capture_close(struct capture *capture); /* NULL is fine */

/* "EN10MB", "IEEE802_11"; "unknown" where libpcap has no name for it. Static storage. */
const char *capture_link_type_name(uint16_t link_type);

/* Prints the interfaces one can capture from, one a line with its description and state, to `stream`. */
struct _IO_FILE;
bool capture_list_interfaces(struct _IO_FILE *stream, struct error *error);

#endif
