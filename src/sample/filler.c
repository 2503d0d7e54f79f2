#include <stdio.h>
#include <string.h>

#include "part.h"
#include "words.h"

struct filler {
	struct phone *p;
	struct rng rng;
	struct buf path, bytes;
	size_t payloads; /* still to come */
};

static void
put_entry(struct filler *f, const char *domain)
{
	uint64_t size = rng_range(&f->rng, 200, 12000);

	if (f->payloads == 0) {
		phone_absent(f->p, domain, buf_cstr(&f->path), size);
		return;
	}
	f->payloads--;
	buf_reset(&f->bytes);
	while (f->bytes.len < size) {
		uint8_t raw[512];

		rng_bytes(&f->rng, raw, sizeof(raw));
		buf_put(&f->bytes, raw, sizeof(raw));
	}
	phone_file(f->p, domain, buf_cstr(&f->path), buf_text(&f->bytes));
}

/* What most of a phone's files are: pictures, then files of applications. */
static void
put_filler(struct filler *f, unsigned i)
{
	static const char photos[] = "CameraRollDomain";
	unsigned kind = (unsigned)rng_below(&f->rng, 100);
	char domain[64], uuid[37];

	buf_reset(&f->path);
	(void)snprintf(domain, sizeof(domain), "%s", photos);
	if (kind < 35) {
		buf_printf(&f->path, "Media/DCIM/%uAPPLE/IMG_%05u.HEIC",
		    100 + i / 9000, i);
	} else if (kind < 55) {
		buf_printf(&f->path,
		    "Media/PhotoData/Thumbnails/V2/DCIM/%uAPPLE/"
		    "IMG_%05u.HEIC/5005.JPG",
		    100 + i / 9000, i);
	} else if (kind < 65) {
		(void)snprintf(domain, sizeof(domain), "MediaDomain");
		buf_printf(&f->path,
		    "Library/SMS/Attachments/%02x/%02u/%s/IMG_%04u.HEIC",
		    i & 0xff, i & 15, rng_uuid(&f->rng, uuid), i % 10000);
	} else if (kind < 95) {
		(void)snprintf(domain, sizeof(domain), "AppDomain-%s",
		    words_any_app(&f->rng));
		buf_puts(&f->path, "Library/Application Support/");
		words_name(&f->rng, &f->path, 2, 2);
		buf_printf(&f->path, "/item_%u.dat", i);
	} else {
		(void)snprintf(domain, sizeof(domain), "HomeDomain");
		buf_puts(&f->path, "Library/Preferences/com.example.");
		words_name(&f->rng, &f->path, 2, 3);
		buf_printf(&f->path, ".%u.plist", i);
	}
	put_entry(f, domain);
}

/* A path goes where it would lie, a domain into the name of a web store. */
static void
put_planted(struct filler *f, const struct sample_plant *x)
{
	static const struct {
		const char *front, *domain;
	} places[] = {
		{"/private/var/mobile/",	  "HomeDomain"    },
		{ "/private/var/root/",	"RootDomain"    },
		{ "/private/var/wireless/", "WirelessDomain"},
	};
	const char *domain = "HomeDomain", *path = x->value;

	buf_reset(&f->path);
	if (plant_is(x, "attachment-folder")) {
		buf_printf(&f->path, "Library/SMS/Attachments/%s", x->value);
		phone_folder(f->p, "MediaDomain", buf_cstr(&f->path),
		    plant_time(x, f->p->first_s + 7000000));
		return;
	}
	f->payloads++;
	if (plant_is(x, NULL)) {
		domain = "AppDomain-com.apple.mobilesafari";
		buf_printf(&f->path,
		    "Library/WebKit/WebsiteData/LocalStorage/"
		    "https_%s_0.localstorage",
		    x->value);
	} else if (plant_is(x, "name")) {
		buf_printf(&f->path, "Library/Caches/%s", x->value);
	} else {
		for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
			if (str_starts(str_from(path), places[i].front)) {
				domain = places[i].domain;
				path += strlen(places[i].front);
			}
		buf_puts(&f->path, path[0] == '/' ? path + 1 : path);
	}
	put_entry(f, domain);
}

static void
filler_write(struct phone *p)
{
	static const char canary[] =
	    "This is a sample phone made by `telassay sample`. It is no "
	    "evidence of anything.\n";
	struct filler f = { .p = p, .payloads = p->o->payloads };
	const struct sample_plant *x;
	struct spots spots;

	rng_init(&f.rng, p->o->seed, "filler");
	buf_init(&f.path, 4096);
	buf_init(&f.bytes, 1 << 20);
	phone_file(
	    p, "HomeDomain", "Library/Telassay/SAMPLE.txt", str_from(canary));
	phone_file(p, "HomeDomain", "Library/Telassay/empty", str_from(""));
	phone_link(p, "AppDomain-com.example.news",
	    "Library/WebKit/WebsiteData/IndexedDB/v0",
	    "/var/mobile/Containers/Data/Application/"
	    "7E1A55A9-0000-4000-8000-00000000DA7A/Library/WebKit/WebsiteData/"
	    "IndexedDB");
	spots_init(&spots, p, "ios.manifest", 0);
	while ((x = spots_due(&spots, 0)) != NULL)
		put_planted(&f, x);
	for (unsigned i = 1; p->entries < p->o->entries && p->err == ERR_OK;
	     i++)
		put_filler(&f, i);
	buf_done(&f.path);
	buf_done(&f.bytes);
}

static const struct sample_form filler_forms[] = {
	{"ios.manifest",			      NULL, SAMPLE_DOMAIN, "name of a web store's file" },
	{ "ios.manifest",			      "path", SAMPLE_FILE,
	    "path of a file, below /private/var/mobile" },
	{ "ios.manifest",					  "name", SAMPLE_FILE, "name of a file" },
	{ "ios.manifest",	  "attachment-folder", SAMPLE_SIGN,
	    "such as 65/05: a folder of Messages that was written to" },
	{ 0},
};

const struct part part_filler = {
	.forms = filler_forms,
	.write = filler_write,
};
