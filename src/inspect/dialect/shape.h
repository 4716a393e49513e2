// SPDX-License-Identifier: Apache-2.0
/*
 * What the values of a message look like: the predicates that Stratum's many relatives share.
 */
#ifndef INSPECT_DIALECT_SHAPE_H
#define INSPECT_DIALECT_SHAPE_H

#include "inspect/dialect/dialect.h"

/*
 * Whether the parameters are a list that has exactly as many values as `shape` has letters, each of its kind:
 *
 *   s  string, not empty                         e  string, empty
 *   j  a job's identifier: string or number      d  string of decimal digits
 *   h  64 hexadecimal digits                     H  the same behind 0x      x  either of both
 *   4  8 hexadecimal digits: 4 bytes             a  hexadecimal digits, 0x or not
 *   n  number      b  true or false     l  list  *  anything
 */
bool shape_is(const struct rpc *rpc, const char *shape);

/* It asks or tells, without parameters; some pools repeat the method in their answers. */
bool shape_is_bare(const struct rpc *rpc);

/* Members of the parameters where they are an object, and of the message itself. */
uint8_t shape_member(const struct rpc *rpc, const char *name);
uint8_t shape_outer_member(const struct rpc *rpc, const char *name);

bool shape_begins(const struct json_reader *json, uint8_t value, const char *start);

/* The parameter begins with a wallet of that coin, which begins with `start` in either case, and its checksum
 * is right. A coin's name before it ("ERG:9f...") says what is paid, not what is mined: that does not count.
 */
bool shape_is_wallet(const struct rpc *rpc, uint16_t position, const char *start, const char *coin);

/* The parameter begins with `start`, then has `low`..`high` letters and digits up to its end or to what
 * separates a worker: coins whose checksums are not known here. */
bool shape_is_address(const struct rpc *rpc, uint16_t position, const char *start, size_t low, size_t high);

/* The same of any text; `hexadecimal`: of digits alone. */
bool shape_text_is_address(const char *user, const char *start, size_t low, size_t high, bool hexadecimal);

/* A time of day in milliseconds is within two hours of the packet's. */
bool shape_time_is_near(const struct rpc *rpc, uint64_t milliseconds);
/* Where it is, it proves the job in which it stands. */
void shape_prove_time(struct session *session, const struct rpc *rpc, uint64_t milliseconds);

/* `count` hexadecimal digits, read as bytes of which the last one counts most (`high_last`) or least; 0 where
 * there are fewer. */
uint64_t shape_number(const char *hexadecimal, size_t count, bool high_last);
/* The eight bytes from byte `at` on of a value in hexadecimal, with or without 0x; 0 where they were not
 * kept. */
uint64_t shape_number_at(const struct rpc *rpc, uint8_t value, size_t at, bool high_last);

#endif
