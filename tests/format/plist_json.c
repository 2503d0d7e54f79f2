#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "hash.h"
#include "jsonw.h"
#include "plist.h"

/*
 * Prints a property list as JSON, one line a file, for comparison with
 * another reader: {"notes": [...], "value": ...}. What JSON has no type for
 * is an object with one member named for its type.
 */
static void
note_put(void *arg, enum note_id id, uint64_t off, const char *detail)
{
	struct jsonw *w = arg;

	(void)off;
	(void)detail;
	jsonw_cstr(w, note_infos[id].name);
}

static void put(struct jsonw *w, const struct plist *p);

static void
put_data(struct jsonw *w, struct str s)
{
	char *hex = malloc(s.n * 2 + 1);

	if (hex == NULL)
		abort();
	jsonw_object(w);
	jsonw_key(w, "data");
	jsonw_cstr(w, hex_encode(s.p, s.n, hex));
	jsonw_object_end(w);
	free(hex);
}

static void
put_number(struct jsonw *w, const char *type, double v)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%.17g", v);
	jsonw_object(w);
	jsonw_key(w, type);
	jsonw_cstr(w, text);
	jsonw_object_end(w);
}

/* Pairs in their order: keys may be there twice. */
static void
put_dict(struct jsonw *w, const struct plist *p)
{
	jsonw_object(w);
	jsonw_key(w, "dict");
	jsonw_array(w);
	for (size_t i = 0; i < p->dict.n; i++) {
		jsonw_array(w);
		jsonw_str(w, p->dict.v[i].key);
		put(w, p->dict.v[i].value);
		jsonw_array_end(w);
	}
	jsonw_array_end(w);
	jsonw_object_end(w);
}

static void
put(struct jsonw *w, const struct plist *p)
{
	switch (p->type) {
	case PLIST_NULL:
		jsonw_null(w);
		break;
	case PLIST_BOOL:
		jsonw_bool(w, p->b);
		break;
	case PLIST_INT:
		jsonw_int(w, p->i);
		break;
	case PLIST_UINT:
		jsonw_uint(w, p->u);
		break;
	case PLIST_REAL:
		put_number(w, "real", p->real);
		break;
	case PLIST_DATE:
		put_number(w, "date", p->date.raw);
		break;
	case PLIST_DATA:
		put_data(w, p->s);
		break;
	case PLIST_STRING:
		jsonw_str(w, p->s);
		break;
	case PLIST_UID:
		jsonw_object(w);
		jsonw_key(w, "uid");
		jsonw_uint(w, p->u);
		jsonw_object_end(w);
		break;
	case PLIST_ARRAY:
		jsonw_array(w);
		for (size_t i = 0; i < p->array.n; i++)
			put(w, p->array.v[i]);
		jsonw_array_end(w);
		break;
	case PLIST_DICT:
		put_dict(w, p);
		break;
	}
}

static void
print_file(const char *path)
{
	static unsigned char bytes[(size_t)16 << 20];
	FILE *f = fopen(path, "re");
	struct arena a;
	struct buf b;
	struct jsonw w;
	struct notes notes = { .fn = note_put, .arg = &w };
	const struct plist *p;
	size_t n;

	if (f == NULL) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	n = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	arena_init(&a, (size_t)512 << 20);
	buf_init(&b, (size_t)64 << 20);
	jsonw_init(&w, &b, stdout, false);
	jsonw_object(&w);
	jsonw_key(&w, "notes");
	jsonw_array(&w);
	p = plist_parse(cur_from(bytes, n), &a, &notes);
	jsonw_array_end(&w);
	jsonw_key(&w, "value");
	if (p != NULL)
		put(&w, p);
	else
		jsonw_null(&w);
	jsonw_object_end(&w);
	(void)jsonw_flush(&w);
	(void)putchar('\n');
	buf_done(&b);
	arena_done(&a);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		print_file(argv[i]);
	return 0;
}
