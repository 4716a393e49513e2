// SPDX-License-Identifier: Apache-2.0
/* Times as Suricata writes them. strftime() would cost more than all the rest of a flow record. */
#include "sink/eve/eve_parts.h"

#include <string.h>

enum { SECOND_LENGTH = 20, REMEMBERED = 64 }; /* "2026-11-22T09:30:12." */

static char *put_year(char *at, unsigned year)
{
    return json_digit_pair(json_digit_pair(at, year / 100), year % 100);
}

/* Days since 1970-01-01 to year, month, day of the Gregorian calendar, counting years from March so that the
 * leap day is the last of its year; one era is 400 years. */
static char *put_date(char *at, unsigned days)
{
    days += 719468; /* from 0000-03-01 */
    unsigned era = days / 146097, day_of_era = days % 146097;
    unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned shifted_month = (5 * day_of_year + 2) / 153;
    unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    at = put_year(at, era * 400 + year_of_era + (month <= 2));
    *at++ = '-';
    at = json_digit_pair(at, month);
    *at++ = '-';
    return json_digit_pair(at, day_of_year - (153 * shifted_month + 2) / 5 + 1);
}

static void write_second(char *at, uint64_t second)
{
    unsigned of_day = (unsigned)(second % 86400);
    at = put_date(at, (unsigned)(second / 86400));
    *at++ = 'T';
    at = json_digit_pair(at, of_day / 3600);
    *at++ = ':';
    at = json_digit_pair(at, of_day / 60 % 60);
    *at++ = ':';
    at = json_digit_pair(at, of_day % 60);
    *at = '.';
}

/* Most times are of a second of which there was one before: a flow's end is the time of its record, and many
 * begin and end together. */
static const char *text_of(uint64_t second)
{
    static _Thread_local struct remembered {
        uint64_t second;
        char text[SECOND_LENGTH + 1]; /* empty where nothing is remembered yet */
    } remembered[REMEMBERED];
    struct remembered *one = &remembered[second % REMEMBERED];
    if (one->second != second || one->text[0] == '\0') {
        one->second = second;
        write_second(one->text, second);
    }
    return one->text;
}

char *eve_write_timestamp(char *at, int64_t time_us)
{
    const int64_t last_us = 253402300799999999; /* the end of the year 9999: captures may claim anything */
    uint64_t us = time_us < 0 ? 0 : (uint64_t)(time_us > last_us ? last_us : time_us);
    unsigned fraction = (unsigned)(us % 1000000);
    at = json_copy(at, text_of(us / 1000000), SECOND_LENGTH);
    at = json_put_three(json_put_three(at, fraction / 1000), fraction % 1000);
    return json_copy(at, "+0000", 5);
}

const char *eve_timestamp(int64_t time_us, char text[static EVE_TIMESTAMP_SIZE])
{
    *eve_write_timestamp(text, time_us) = '\0';
    return text;
}

void eve_time(struct json_writer *writer, const char *name, int64_t time_us)
{
    char text[EVE_TIMESTAMP_SIZE];
    json_plain(writer, name, eve_timestamp(time_us, text), EVE_TIMESTAMP_SIZE - 1);
}
