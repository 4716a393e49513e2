// SPDX-License-Identifier: Apache-2.0
#include "inspect/proof.h"

#include "base/text.h"
#include "inspect/conversation.h"

#include <math.h>
#include <string.h>

struct proof_notes *proof_notes_get(struct session *session, bool make)
{
    if (session->notes == NULL && make && session->desk != NULL) {
        session->notes = slab_take(&session->desk->notes);
        if (session->notes != NULL)
            memset(session->notes, 0, offsetof(struct proof_notes, bytes));
    }
    return session->notes;
}

static int digit_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit |= 0x20;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

size_t proof_bytes(const char *hexadecimal, size_t digits, uint8_t *bytes, size_t size)
{
    if (digits % 2 != 0 || digits / 2 > size)
        return 0;
    for (size_t i = 0; i < digits / 2; i++) {
        int high = digit_value(hexadecimal[2 * i]), low = high < 0 ? -1 : digit_value(hexadecimal[2 * i + 1]);
        if (low < 0)
            return 0;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return digits / 2;
}

void proof_set_nonce(struct session *session, const char *hexadecimal, size_t digits)
{
    struct proof_notes *notes = proof_notes_get(session, true);
    if (notes == NULL)
        return;
    size_t size = proof_bytes(hexadecimal, digits, notes->nonce1, sizeof notes->nonce1);
    notes->nonce1_known = size > 0 || digits == 0;
    notes->nonce1_size = (uint8_t)size;
}

void proof_set_version_mask(struct session *session, const char *hexadecimal)
{
    uint8_t mask[4];
    struct proof_notes *notes = proof_notes_get(session, true);
    if (notes == NULL || proof_bytes(hexadecimal, strnlen(hexadecimal, 9), mask, sizeof mask) != sizeof mask)
        return;
    notes->version_mask =
        (uint32_t)mask[0] << 24 | (uint32_t)mask[1] << 16 | (uint32_t)mask[2] << 8 | mask[3];
    notes->version_mask_known = true;
}

/* ---- jobs ---- */

/* Where two jobs have one hash, a share that misses its target once in a flow is the worst that comes of it.
 */
static uint32_t name_of(const char *identifier)
{
    return text_hash(identifier);
}

static void drop_oldest(struct proof_notes *notes)
{
    uint16_t length = notes->jobs[0].length;
    memmove(notes->bytes, notes->bytes + length, (size_t)(notes->used - length));
    notes->used = (uint16_t)(notes->used - length);
    notes->job_count--;
    memmove(notes->jobs, notes->jobs + 1, notes->job_count * sizeof notes->jobs[0]);
}

void proof_add_job(struct session *session, enum proof_kind kind, const char *identifier,
                   const uint8_t *bytes, size_t length, double work)
{
    struct proof_notes *notes = proof_notes_get(session, true);
    if (notes == NULL || length > sizeof notes->bytes)
        return;
    while (notes->job_count == PROOF_MAX_JOBS || (size_t)notes->used + length > sizeof notes->bytes)
        drop_oldest(notes);
    notes->jobs[notes->job_count++] =
        (struct proof_job){name_of(identifier), (uint16_t)length, (uint8_t)kind, work};
    memcpy(notes->bytes + notes->used, bytes, length);
    notes->used = (uint16_t)(notes->used + length);
}

const struct proof_job *proof_find_job(const struct session *session, enum proof_kind kind,
                                       const char *identifier, const uint8_t **bytes)
{
    const struct proof_notes *notes = session->notes;
    uint32_t name = name_of(identifier);
    if (notes == NULL)
        return NULL;
    const uint8_t *end = notes->bytes + notes->used;
    for (unsigned i = notes->job_count; i-- > 0;) {
        end -= notes->jobs[i].length;
        if (notes->jobs[i].name == name && notes->jobs[i].kind == kind) {
            *bytes = end;
            return &notes->jobs[i];
        }
    }
    return NULL;
}

/* ---- shares ---- */

struct proof_share *proof_reserve(struct session *session, const struct proof_job *job, double work_now)
{
    double work = job->work;
    if (work <= 0 || (work_now > 0 && work_now < work))
        work = work_now;
    if (!isfinite(work) || work <= 0)
        return NULL;
    uint64_t number = session->notes->shares++;
    if (number >= PROOF_EAGER && number % PROOF_EVERY != 0)
        return NULL;
    struct proof_share *share = session->desk->reserve(session->desk->context, session->flow_id);
    if (share != NULL)
        share->work = work;
    return share;
}

void proof_commit(struct session *session, struct proof_share *share)
{
    session->desk->commit(session->desk->context, share);
}

double proof_gain(bool met, double work)
{
    const double misses = 0.01; /* of a miner's shares, at most: stale difficulty, faulty hardware */
    if (!isfinite(work) || work <= 1)
        return 0; /* everything meets it */
    return met ? log2((1 - misses) * work) : log2(misses / (1 - 1 / work));
}
