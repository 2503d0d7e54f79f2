#include "sample.h"

#include <string.h>

#include "part.h"
#include "tstamp.h"

void
sample_sizes(struct sample_options *o, size_t factor)
{
	o->messages = 200 * factor;
	o->visits = 150 * factor;
	o->whatsapp = 120 * factor;
	o->calls = 40 * factor;
	o->processes = 60 * factor;
	o->entries = 300 * factor;
	o->payloads = 300 * factor;
}

size_t
sample_forms(struct sample_form *out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; parts[i] != NULL; i++)
		for (const struct sample_form *f = parts[i]->forms;
		     f != NULL && f->artifact != NULL && n < max; f++)
			out[n++] = *f;
	return n;
}

static const struct sample_form *
find_form(struct str artifact, const char *form)
{
	for (size_t i = 0; parts[i] != NULL; i++)
		for (const struct sample_form *f = parts[i]->forms;
		     f != NULL && f->artifact != NULL; f++)
			if (str_is(artifact, f->artifact) &&
			    str_is(str_from(f->form), form ? form : ""))
				return f;
	return NULL;
}

static bool
is_plantable(struct str artifact)
{
	for (size_t i = 0; parts[i] != NULL; i++)
		for (const struct sample_form *f = parts[i]->forms;
		     f != NULL && f->artifact != NULL; f++)
			if (str_is(artifact, f->artifact))
				return true;
	return false;
}

const struct sample_form *
sample_form_of(const struct sample_plant *x)
{
	return find_form(str_from(x->artifact), x->form);
}

/* Takes "@TIME" from the end of text; 0 when there is none. */
static int64_t
cut_time(char *text)
{
	char *at = strrchr(text, '@');
	int64_t ns;

	if (at == NULL || strchr(at, 'T') == NULL || !tstamp_parse(at + 1, &ns))
		return 0;
	*at = '\0';
	return ns / 1000000000;
}

enum err
sample_plant_parse(char *text, struct sample_plant *out, struct why *why)
{
	const int64_t when_s = cut_time(text);
	char *value = strchr(text, '='), *colon = strrchr(text, ':');
	struct str artifact;

	if (value == NULL || value[1] == '\0')
		return why_set(why, ERR_USAGE,
		    "%s: a trace is given as ARTIFACT=VALUE[:FORM][@TIME]",
		    text);
	artifact = (struct str){ text, (size_t)(value - text) };
	if (!is_plantable(artifact))
		return why_set(why, ERR_USAGE,
		    "%s: nothing can be planted there; sample -h lists the "
		    "artifacts",
		    text);
	*value++ = '\0';
	*out = (struct sample_plant){
		.artifact = text, .value = value, .when_s = when_s
	};
	if (colon != NULL && colon > value &&
	    find_form(artifact, colon + 1) != NULL) {
		*colon = '\0';
		out->form = colon + 1;
	}
	return ERR_OK;
}

static enum err
plants_check(const struct sample_options *o, struct why *why)
{
	for (size_t i = 0; i < o->nplants; i++) {
		const struct sample_plant *x = &o->plants[i];

		if (sample_form_of(x) == NULL)
			return why_set(why, ERR_USAGE,
			    "%s has no form \"%s\" of a trace", x->artifact,
			    x->form ? x->form : "");
	}
	return ERR_OK;
}

enum err
sample_ios_backup(
    const char *dir, const struct sample_options *o, struct why *why)
{
	struct sample_options full = *o;
	struct phone p;
	enum err e;

	if (full.dpic == 0)
		full.dpic = 10000000;
	if (full.iter == 0)
		full.iter = 10000;
	if (full.os_version == NULL)
		full.os_version = "17.5.1";
	if ((e = plants_check(&full, why)) != ERR_OK ||
	    (e = phone_open(&p, dir, &full, why)) != ERR_OK)
		return e;
	for (size_t i = 0; parts[i] != NULL; i++) {
		parts[i]->write(&p);
		arena_reset(&p.arena);
	}
	return phone_close(&p);
}
