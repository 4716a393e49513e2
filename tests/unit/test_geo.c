// SPDX-License-Identifier: Apache-2.0
#include "intel/geo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { NESTED, FLAT, ASN, ODD, CUT, TEXT, FILES };

static const char *const names[FILES] = {"nested-country", "flat-country", "asn", "odd", "cut", "text"};
static char directory[64];
static char paths[FILES][128];

static void write_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static int make_databases(void **state)
{
    (void)state;
    char command[128], bytes[200];
    snprintf(directory, sizeof directory, "/tmp/test_geo.XXXXXX");
    if (mkdtemp(directory) == NULL)
        return -1;
    for (int i = 0; i < FILES; i++)
        snprintf(paths[i], sizeof paths[i], "%s/%s.mmdb", directory, names[i]);
    snprintf(command, sizeof command, "tests/unit/make-test-mmdb %s", directory);
    if (system(command) != 0) {
        fprintf(stderr, "tests/unit/make-test-mmdb failed; install libmaxmind-db-writer-perl\n");
        return -1;
    }
    FILE *whole = fopen(paths[NESTED], "r");
    size_t length = whole == NULL ? 0 : fread(bytes, 1, sizeof bytes, whole);
    if (length != sizeof bytes || fclose(whole) != 0)
        return -1;
    write_file(paths[CUT], bytes, length);
    write_file(paths[TEXT], "this is no database\n", 20);
    return 0;
}

static int remove_databases(void **state)
{
    (void)state;
    for (int i = 0; i < FILES; i++)
        unlink(paths[i]);
    return rmdir(directory);
}

static struct geo_place find(const struct geo *geo, const char *text)
{
    struct address address;
    struct geo_place place;
    memset(&place, 'x', sizeof place);
    assert_true(address_parse(text, &address));
    geo_find(geo, &address, &place);
    return place;
}

static struct geo *open_files(size_t count, const int files[])
{
    const char *list[FILES];
    struct error error = {0};
    for (size_t i = 0; i < count; i++)
        list[i] = paths[files[i]];
    struct geo *geo = geo_open(list, count, &error);
    if (geo == NULL)
        fail_msg("%s", error.text);
    return geo;
}

static void reads_both_schemas(void **state)
{
    (void)state;
    struct geo *geo = open_files(3, (const int[]){NESTED, FLAT, ASN});
    struct geo_place place = find(geo, "192.0.2.1");
    assert_string_equal(place.country, "DE"); /* the first database that knows */
    assert_int_equal(place.as_number, 64496);
    assert_string_equal(place.as_organization, "Example Net");
    place = find(geo, "198.51.100.1");
    assert_string_equal(place.country, "JP");
    assert_int_equal(place.as_number, 64497);
    assert_string_equal(place.as_organization, "");
    place = find(geo, "2001:db8::1");
    assert_string_equal(place.country, "NL");
    assert_int_equal(place.as_number, 4200000000u);
    place = find(geo, "203.0.113.1");
    assert_string_equal(place.country, "");
    assert_int_equal(place.as_number, 0);
    geo_close(geo);
}

/* 200 two-byte characters: 47 fit whole into 95 bytes. */
static void cuts_between_characters(void **state)
{
    (void)state;
    struct geo *geo = open_files(1, (const int[]){ASN});
    struct geo_place place = find(geo, "2001:db8::1");
    assert_int_equal(strlen(place.as_organization), 94);
    assert_memory_equal(place.as_organization + 92, "\xc3\xa9", 3);
    geo_close(geo);
}

static void ignores_odd_values(void **state)
{
    (void)state;
    struct geo *geo = open_files(1, (const int[]){ODD});
    struct geo_place place = find(geo, "192.0.2.1");
    assert_string_equal(place.country, "");
    assert_int_equal(place.as_number, 0);
    place = find(geo, "198.51.100.1");
    assert_string_equal(place.country, "");
    assert_string_equal(place.as_organization, "");
    place = find(geo, "2001:db8::1"); /* the database has no IPv6 */
    assert_string_equal(place.country, "");
    geo_close(geo);
}

static void tells_what_is_wrong(void **state)
{
    (void)state;
    const int wrong[] = {CUT, TEXT};
    for (size_t i = 0; i < 2; i++) {
        struct error error = {0};
        const char *list[] = {paths[ASN], paths[wrong[i]]};
        assert_null(geo_open(list, 2, &error));
        assert_int_equal(error.status, STATUS_CONFIGURATION);
        assert_non_null(strstr(error.text, paths[wrong[i]]));
        assert_non_null(strstr(error.text, "is no database in MaxMind's format"));
    }
    struct error error = {0};
    const char *const missing[] = {"/nonexistent/country.mmdb"};
    assert_null(geo_open(missing, 1, &error));
    assert_non_null(strstr(error.text, "/nonexistent/country.mmdb: No such file"));
    const char *const folder[] = {directory};
    assert_null(geo_open(folder, 1, &error));
    assert_non_null(strstr(error.text, directory));
}

static void does_without_databases(void **state)
{
    (void)state;
    struct geo *geo = geo_open(NULL, 0, NULL);
    assert_non_null(geo);
    assert_string_equal(find(geo, "192.0.2.1").country, "");
    geo_close(geo);
    geo_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_both_schemas),     cmocka_unit_test(cuts_between_characters),
        cmocka_unit_test(ignores_odd_values),     cmocka_unit_test(tells_what_is_wrong),
        cmocka_unit_test(does_without_databases),
    };
    return cmocka_run_group_tests(tests, make_databases, remove_databases);
}
