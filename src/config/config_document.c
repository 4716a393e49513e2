// SPDX-License-Identifier: Apache-2.0
/*
 * The configuration reference and the sample file, made from the table.
 */
#include "config/setting.h"

#include <string.h>

static const char *key_of(const struct setting *setting)
{
    return strchr(setting->name, '.') + 1;
}

static void document_section(const struct section *section, FILE *stream)
{
    fprintf(stream, "\n## %s\n\n%s\n\n| setting | default | may be | meaning |\n|---|---|---|---|\n",
            section->name, section->help);
    for (size_t i = 0; i < setting_count; i++) {
        char allowed[256];
        if (!setting_is_in(&settings[i], section->name))
            continue;
        setting_describe(&settings[i], allowed, sizeof allowed);
        bool is_set = settings[i].initial[0] != '\0';
        fprintf(stream, "| `%s` | %s%s%s | %s | %s |\n", settings[i].name, is_set ? "`" : "",
                settings[i].initial, is_set ? "`" : "", allowed, settings[i].help);
    }
}

void config_document(FILE *stream)
{
    fputs("# Configuration\n"
          "\n"
          "Made by `scripts/make-docs` from `src/config/settings.def`: change that, not this page.\n"
          "\n"
          "geophone needs no configuration. Settings come from the file that `-c` names (YAML), then from "
          "`--set "
          "NAME=VALUE`\nand the options on the command line; the later wins. `geophone --dump-config` prints "
          "what is in "
          "force, `geophone -T`\ntests it. `docs/geophone.yaml` is a sample with every setting.\n"
          "\n"
          "In the file a setting stands in its section:\n"
          "\n"
          "```yaml\n"
          "flow:\n"
          "  max-flows: 200000\n"
          "  tcp-timeout: 10m\n"
          "geo:\n"
          "  databases: [/var/lib/GeoIP/GeoLite2-Country.mmdb, /var/lib/GeoIP/GeoLite2-ASN.mmdb]\n"
          "```\n"
          "\n"
          "and on the command line it is `--set flow.max-flows=200000`; lists are comma-separated there. "
          "Sizes take `k`, "
          "`m`, `g`\n(1024 each), times `ms`, `s`, `m`, `h`; truth is `yes` or `no` (also `true`, `false`, "
          "`on`, `off`). "
          "An unknown setting, a\nvalue out of range and a setting given twice are errors (exit status 78) "
          "that name file, "
          "line and column.\nAnchors, aliases and tags of YAML are refused.\n",
          stream);
    for (size_t i = 0; i < section_count; i++)
        document_section(&sections[i], stream);
}

/* YAML that reads as the default; a list in brackets. */
static void sample_value(const struct setting *setting, FILE *stream)
{
    if (setting->type == SETTING_LIST)
        fprintf(stream, "[%s]\n", setting->initial);
    else if (setting->type <= SETTING_REDIS_URL) /* texts */
        fprintf(stream, "\"%s\"\n", setting->initial);
    else
        fprintf(stream, "%s\n", setting->initial);
}

void config_sample(FILE *stream)
{
    fputs("# Configuration of geophone. Every setting is here, commented out, with its default.\n"
          "# Made by scripts/make-docs from src/config/settings.def. Test a change: geophone -T -c FILE\n",
          stream);
    for (size_t i = 0; i < section_count; i++) {
        fprintf(stream, "\n# %s\n%s:\n", sections[i].help, sections[i].name);
        for (size_t j = 0; j < setting_count; j++) {
            char allowed[256];
            if (!setting_is_in(&settings[j], sections[i].name))
                continue;
            setting_describe(&settings[j], allowed, sizeof allowed);
            fprintf(stream, "  # %s\n  # May be: %s.\n  #%s: ", settings[j].help, allowed,
                    key_of(&settings[j]));
            sample_value(&settings[j], stream);
        }
    }
}
