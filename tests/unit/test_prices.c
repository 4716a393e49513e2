// SPDX-License-Identifier: Apache-2.0
#include "intel/prices.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <cmocka.h>

enum { INSTANCES, RATES, EXCHANGE, LOCAL_INSTANCES, LOCAL_RATES, LOCAL_EXCHANGE, FILES };

static const char *const names[FILES] = {
    "instance-prices.tsv",       "hash-rates.tsv",       "exchange-rates.tsv",
    "local-instance-prices.tsv", "local-hash-rates.tsv", "local-exchange-rates.tsv",
};

static char directory[64];

static const char *path_of(int file)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, names[file]);
    return path;
}

static void clear(void)
{
    for (int i = 0; i < FILES; i++)
        unlink(path_of(i));
}

static void put(int file, const char *text)
{
    FILE *stream = fopen(path_of(file), "w");
    assert_non_null(stream);
    assert_int_not_equal(fputs(text, stream), EOF);
    fclose(stream);
}

static int make_directory(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/test_prices.XXXXXX");
    return mkdtemp(directory) == NULL;
}

static int remove_directory(void **state)
{
    (void)state;
    clear();
    return rmdir(directory);
}

#define TAIL "\t4\t0\t2026-06-17\tMIT\tsome list\n"
#define PRICES                                                                                               \
    "# comment\r\n\n"                                                                                        \
    "aws\tc7i.large\teu-north-1\t0.10\tUSD" TAIL "aws\tc7i.large\tus-east-1\t0.09\tUSD" TAIL                 \
    "aws\tc7i.large\tsa-east-1\t0.16\tUSD\t4\t-\t2025-12\tMIT\tsome list\n"                                  \
    "azure\tStandard_F2s_v2\t*\t0.08\tEUR\t2\t0\t2026\t-\tsome list\n"                                       \
    "azure\tStandard_F2s_v2\twesteurope\t0.11\tEUR\t2\t0\t2026\t-\tsome list\n"
#define RATES_OF_TWO                                                                                         \
    "rx/0\tx86-64\tvCPU\t100\t400\t0.04\t0.08\tUSD\t2026\tMIT\tsome list\n"                                  \
    "rx/0\tarm64\tvCPU\t200\t500\t0.03\t0.05\tUSD\t2025-01\tMIT\tsome list\n"                                \
    "ethash\tNVIDIA T4\tGPU\t25000000\t25000000\t0.5\t1\tUSD\t2026\tMIT\tsome list\n"                        \
    "both\tx86-64\tvCPU\t1\t1\t1\t1\tUSD\t2026\tMIT\tsome list\n"                                            \
    "both\tNVIDIA T4\tGPU\t1\t1\t2\t2\tUSD\t2026\tMIT\tsome list\n"
#define EXCHANGE_RATES "USD\t1.25\t2026-01-05\tfact\tsome bank\nJPY\t150\t2026-01-05\tfact\tsome bank\n"

static struct prices *load(const char *currency, struct error *error)
{
    return prices_load(directory, currency, error);
}

static struct prices *load_good(const char *currency)
{
    struct error error = {.text = ""};
    struct prices *prices = load(currency, &error);
    assert_string_equal(error.text, "");
    assert_non_null(prices);
    return prices;
}

static void put_good(void)
{
    clear();
    put(INSTANCES, PRICES);
    put(RATES, RATES_OF_TWO);
    put(EXCHANGE, EXCHANGE_RATES);
}

static void assert_near(double got, double wanted)
{
    if (got < wanted * 0.999999 || got > wanted * 1.000001)
        fail_msg("%.9g is not %.9g", got, wanted);
}

static void assert_price(const struct prices *prices, const char *type, const char *region, double low,
                         double high, const char *where, const char *date)
{
    struct instance_price price;
    const char *provider = strncasecmp(type, "c7i", 3) == 0 ? "aws" : "azure";
    assert_true(prices_of_instance(prices, provider, type, region, &price));
    assert_near(price.low, low);
    assert_near(price.high, high);
    assert_true(price.hour >= price.low * 0.999999 && price.hour <= price.high * 1.000001);
    assert_string_equal(price.region, where);
    assert_string_equal(price.date, date);
}

static void prices_go_by_region(void **state)
{
    (void)state;
    struct instance_price price;
    put_good();
    struct prices *prices = load_good("USD");
    assert_int_equal(prices_count(prices), 10);
    assert_string_equal(prices_currency(prices), "USD");
    assert_price(prices, "c7i.large", "eu-north-1", 0.10, 0.10, "eu-north-1", "2026-06-17");
    assert_price(prices, "C7I.Large", "US-EAST-1", 0.09, 0.09, "us-east-1", "2026-06-17");
    /* a region without a price, and none known: those of others, the oldest date */
    assert_price(prices, "c7i.large", "eu-west-9", 0.09, 0.16, "", "2025-12");
    assert_price(prices, "c7i.large", "", 0.09, 0.16, "", "2025-12");
    assert_true(prices_of_instance(prices, "aws", "c7i.large", "", &price));
    assert_near(price.hour, 0.12); /* the square root of 0.09 * 0.16 */
    assert_false(prices_of_instance(prices, "aws", "c7i.xlarge", "us-east-1", &price));
    assert_false(prices_of_instance(prices, "azure", "c7i.large", "us-east-1", &price));
    assert_false(prices_of_instance(prices, "", "", "", &price));
    prices_free(prices);
}

static void a_star_is_for_other_regions(void **state)
{
    (void)state;
    put_good();
    struct prices *prices = load_good("EUR");
    assert_price(prices, "standard_f2s_v2", "westeurope", 0.11, 0.11, "westeurope", "2026");
    assert_price(prices, "Standard_F2s_v2", "japaneast", 0.08, 0.08, "*", "2026");
    prices_free(prices);
}

static void currencies_are_exchanged(void **state)
{
    (void)state;
    struct work_price work;
    put_good();
    struct prices *prices = load_good("EUR");
    assert_price(prices, "c7i.large", "eu-north-1", 0.08, 0.08, "eu-north-1", "2026-06-17");
    prices_free(prices);
    prices = load_good("JPY");
    assert_price(prices, "c7i.large", "eu-north-1", 12, 12, "eu-north-1", "2026-06-17");
    assert_price(prices, "Standard_F2s_v2", "westeurope", 16.5, 16.5, "westeurope", "2026");
    assert_true(prices_of_work(prices, "ethash", &work));
    assert_near(work.low, 0.5 / 25e6 * 120);
    prices_free(prices);
    put(LOCAL_EXCHANGE, "USD\t2\t2026-02-05\t-\tour bank\n");
    prices = load_good("EUR");
    assert_price(prices, "c7i.large", "eu-north-1", 0.05, 0.05, "eu-north-1", "2026-06-17");
    prices_free(prices);
}

static void work_spans_all_processors(void **state)
{
    (void)state;
    struct work_price work;
    put_good();
    struct prices *prices = load_good("USD");
    assert_true(prices_of_work(prices, "rx/0", &work));
    assert_near(work.low, 0.03 / 500);
    assert_near(work.high, 0.08 / 100);
    assert_string_equal(work.unit, "vCPU");
    assert_string_equal(work.date, "2025-01");
    assert_true(prices_of_work(prices, "both", &work));
    assert_string_equal(work.unit, "processor");
    assert_false(prices_of_work(prices, "sha256d", &work));
    assert_false(prices_of_work(prices, "", &work));
    prices_free(prices);
}

static void own_rows_take_the_place_of_shipped_ones(void **state)
{
    (void)state;
    struct work_price work;
    put_good();
    put(LOCAL_INSTANCES, "aws\tC7i.large\teu-north-1\t0.05\tUSD\t-\t-\t2026-11-01\t-\tour contract\n"
                         "aws\tm1.tiny\t*\t0.01\tUSD\t-\t-\t2026-11-01\t-\tour contract\n");
    put(LOCAL_RATES, "rx/0\tx86-64\tvCPU\t200\t200\t0.04\t0.04\tUSD\t2026-11\t-\tmeasured\n");
    struct prices *prices = load_good("USD");
    assert_int_equal(prices_count(prices), 11);
    assert_price(prices, "c7i.large", "eu-north-1", 0.05, 0.05, "eu-north-1", "2026-11-01");
    assert_price(prices, "c7i.large", "us-east-1", 0.09, 0.09, "us-east-1", "2026-06-17");
    assert_true(prices_of_work(prices, "rx/0", &work));
    assert_near(work.high, 0.05 / 200); /* that of arm64 by now */
    prices_free(prices);
}

static void without_files_nothing_has_a_price(void **state)
{
    (void)state;
    struct instance_price price;
    struct work_price work;
    clear();
    struct prices *prices = load_good("CHF");
    assert_int_equal(prices_count(prices), 0);
    assert_false(prices_of_instance(prices, "aws", "c7i.large", "us-east-1", &price));
    assert_false(prices_of_work(prices, "rx/0", &work));
    prices_free(prices);
}

static void errors_name_file_and_line(void **state)
{
    (void)state;
    static const struct {
        int file;
        const char *text, *error;
    } wrong[] = {
        {INSTANCES, "#\naws\tc\tr\t1\tUSD\t1\t1\t2026\tMIT\n", "instance-prices.tsv:2: not 10 columns"},
        {INSTANCES, "aws\tc\tr\t1\tUSD\t1\t1\t2026\tMIT\ts\tmore\n", "instance-prices.tsv:1: not 10 columns"},
        {INSTANCES, "aws\t-\tr\t1\tUSD\t1\t1\t2026\tMIT\ts\n",
         ":1: provider, instance type or region is missing"},
        {INSTANCES, "aws\tc\tr\t0\tUSD\t1\t1\t2026\tMIT\ts\n", ":1: the price is no number above 0"},
        {INSTANCES, "aws\tc\tr\t-1\tUSD\t1\t1\t2026\tMIT\ts\n", ":1: the price is no number above 0"},
        {INSTANCES, "aws\tc\tr\t1e3\tUSD\t1\t1\t2026\tMIT\ts\n", ":1: the price is no number above 0"},
        {INSTANCES, "aws\tc\tr\tnan\tUSD\t1\t1\t2026\tMIT\ts\n", ":1: the price is no number above 0"},
        {INSTANCES, "aws\tc\tr\t1.2.3\tUSD\t1\t1\t2026\tMIT\ts\n", ":1: the price is no number above 0"},
        {INSTANCES, "aws\tc\tr\t10000001\tUSD\t1\t1\t2026\tMIT\ts\n", ":1: the price is no number above 0"},
        {INSTANCES, "aws\tc\tr\t1\tusd\t1\t1\t2026\tMIT\ts\n", ":1: the currency is no code"},
        {INSTANCES, "aws\tc\tr\t1\tUSD\tx\t1\t2026\tMIT\ts\n", ":1: vCPUs or GPUs are no whole number"},
        {INSTANCES, "aws\tc\tr\t1\tUSD\t1\t1\t26\tMIT\ts\n", ":1: the date is none"},
        {INSTANCES, "aws\tc\tr\t1\tUSD\t1\t1\t2026-13\tMIT\ts\n", ":1: the date is none"},
        {INSTANCES, "aws\tc\tr\t1\tUSD\t1\t1\t2026-01-32\tMIT\ts\n", ":1: the date is none"},
        {INSTANCES, "aws\tc\tr\t1\tUSD\t1\t1\t2026-1-01\tMIT\ts\n", ":1: the date is none"},
        {INSTANCES, "aws\tc\tr\t1\tUSD\t1\t1\t2026\tMIT\t-\n", ":1: the source is missing"},
        {INSTANCES, "aws\tc\tr\t1\tCHF\t1\t1\t2026\tMIT\ts\n",
         "instance-prices.tsv:1: no exchange rate for CHF"},
        {INSTANCES,
         "aws\tc\tr\t1\tUSD\t1\t1\t2026\tMIT\ts\naws\tb\tr\t1\tUSD\t1\t1\t2026\tMIT\ts\n"
         "aws\tC\tr\t2\tUSD\t1\t1\t2026\tMIT\ts\n",
         "instance-prices.tsv:3: stands for the same as line 1"},
        {LOCAL_INSTANCES, "aws\n", "local-instance-prices.tsv:1: not 10 columns"},
        {RATES, "rx/0\tx86\tvCPU\t1\t2\t1\t2\tUSD\t2026\tMIT\n", "hash-rates.tsv:1: not 11 columns"},
        {RATES, "rx/0\t-\tvCPU\t1\t2\t1\t2\tUSD\t2026\tMIT\ts\n", ":1: algorithm or processor is missing"},
        {RATES, "rx/0\tx86\tcore\t1\t2\t1\t2\tUSD\t2026\tMIT\ts\n", ":1: what is counted is neither"},
        {RATES, "rx/0\tx86\tvCPU\t2\t1\t1\t2\tUSD\t2026\tMIT\ts\n", ":1: the hash rates are no two numbers"},
        {RATES, "rx/0\tx86\tvCPU\t1\t2\t3\t2\tUSD\t2026\tMIT\ts\n", ":1: the prices are no two numbers"},
        {EXCHANGE, "USD\t1.25\t2026\tfact\n", "exchange-rates.tsv:1: not 5 columns"},
        {EXCHANGE, "DOLLAR\t1.25\t2026\tfact\ts\n", ":1: the currency is no code"},
        {EXCHANGE, "USD\t0\t2026\tfact\ts\n", ":1: the exchange rate is no number above 0"},
        {EXCHANGE, "USD\t1\t2026\tfact\ts\nUSD\t1\t2026\tfact\ts\n", ":2: stands for the same as line 1"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct error error = {.text = ""};
        clear();
        put(wrong[i].file, wrong[i].text);
        assert_null(load("USD", &error));
        if (strstr(error.text, wrong[i].error) == NULL)
            fail_msg("\"%s\" has no \"%s\"", error.text, wrong[i].error);
        assert_int_equal(error.status, STATUS_CONFIGURATION);
    }
}

static void the_currency_must_be_one(void **state)
{
    (void)state;
    struct error error = {.text = ""};
    put_good();
    assert_null(load("usd", &error));
    assert_non_null(strstr(error.text, "cost.currency is \"usd\""));
    assert_null(load("CHF", &error));
    assert_non_null(strstr(error.text, "instance-prices.tsv:"));
    assert_non_null(strstr(error.text, "no exchange rate for CHF; add it to"));
}

static void what_is_shipped_loads(void **state)
{
    (void)state;
    struct instance_price price;
    struct work_price work;
    static const char *const currencies[] = {"USD", "EUR", "JPY"};
    for (size_t i = 0; i < 3; i++) {
        struct error error = {.text = ""};
        struct prices *prices = prices_load("signatures", currencies[i], &error);
        assert_string_equal(error.text, "");
        assert_true(prices_of_instance(prices, "aws", "g4dn.xlarge", "eu-north-1", &price));
        assert_true(prices_of_work(prices, "rx/0", &work));
        assert_true(work.low > 0 && work.low < work.high);
        prices_free(prices);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prices_go_by_region),
        cmocka_unit_test(a_star_is_for_other_regions),
        cmocka_unit_test(currencies_are_exchanged),
        cmocka_unit_test(work_spans_all_processors),
        cmocka_unit_test(own_rows_take_the_place_of_shipped_ones),
        cmocka_unit_test(without_files_nothing_has_a_price),
        cmocka_unit_test(errors_name_file_and_line),
        cmocka_unit_test(the_currency_must_be_one),
        cmocka_unit_test(what_is_shipped_loads),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
