#include "words.h"

#include <stddef.h>

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

static const char *const syllables[] = { "ba", "bel", "bo", "cu", "da", "de",
	"di", "dor", "fa", "fi", "go", "gu", "ha", "hel", "il", "jo", "ka",
	"kel", "ki", "la", "le", "lin", "lo", "ma", "mi", "mo", "na", "ne",
	"nor", "o", "pa", "pe", "pil", "ra", "re", "rim", "ro", "sa", "se",
	"sil", "so", "ta", "te", "tor", "u", "va", "ve", "vi", "wo", "zan" };

static const char *const words[] = { "a", "about", "again", "all", "and", "at",
	"bread", "bring", "bus", "but", "call", "can", "coffee", "come",
	"dinner", "early", "for", "from", "garden", "go", "good", "great",
	"have", "here", "home", "if", "in", "is", "it", "just", "key", "late",
	"later", "let", "list", "look", "lunch", "maybe", "me", "meeting",
	"milk", "monday", "news", "no", "not", "now", "of", "office", "ok",
	"on", "photo", "please", "rain", "school", "see", "soon", "sure",
	"thanks", "that", "the", "then", "there", "this", "ticket", "to",
	"today", "tomorrow", "train", "up", "video", "wait", "we", "weather",
	"what", "when", "where", "will", "with", "work", "yes", "you" };

const char *const words_apps[] = { "com.example.bank", "com.example.chat",
	"com.example.fit", "com.example.game", "com.example.mail",
	"com.example.maps", "com.example.music", "com.example.news",
	"com.example.notes", "com.example.photo", "com.example.ride",
	"com.example.shop", NULL };

const char *const words_apple_apps[] = { "com.apple.AppStore", "com.apple.Maps",
	"com.apple.Music", "com.apple.Preferences", "com.apple.camera",
	"com.apple.facetime", "com.apple.mobilecal", "com.apple.mobilemail",
	"com.apple.mobilenotes", "com.apple.mobilephone",
	"com.apple.mobilesafari", "com.apple.mobileslideshow", "com.apple.news",
	"com.apple.podcasts", "com.apple.reminders", "com.apple.weather",
	NULL };

void
words_sentence(struct rng *r, struct buf *b, unsigned lo, unsigned hi)
{
	uint64_t n = rng_range(r, lo, hi);

	for (uint64_t i = 0; i < n; i++) {
		if (i > 0)
			buf_u8(b, ' ');
		buf_puts(b, words[rng_below(r, COUNT(words))]);
	}
}

void
words_name(struct rng *r, struct buf *b, unsigned lo, unsigned hi)
{
	for (uint64_t n = rng_range(r, lo, hi); n > 0; n--)
		buf_puts(b, syllables[rng_below(r, COUNT(syllables))]);
}

void
words_host(struct buf *b, uint64_t k)
{
	const uint64_t n = COUNT(syllables);

	buf_puts(b, syllables[k % n]);
	buf_puts(b, syllables[k / n % n]);
	buf_printf(b, "%llu.example", (unsigned long long)k);
}

void
words_any_host(struct rng *r, struct buf *b)
{
	static const char *const below[] = { "www.", "m.", "shop.", "img." };
	double u = rng_unit(r);

	if (rng_chance(r, 300))
		buf_puts(b, below[rng_below(r, COUNT(below))]);
	words_host(b, (uint64_t)(u * u * u * 8000));
}

void
words_url(struct rng *r, struct buf *b)
{
	buf_puts(b, "https://");
	words_any_host(r, b);
	for (uint64_t n = rng_below(r, 4); n > 0; n--) {
		buf_u8(b, '/');
		words_name(r, b, 1, 3);
	}
	if (rng_chance(r, 350))
		buf_printf(b, "?id=%u", (unsigned)rng_below(r, 1 << 24));
}

void
words_phone(struct buf *b, uint64_t k)
{
	buf_printf(b, "+155501%05u", (unsigned)(k % 100000));
}

const char *
words_any_app(struct rng *r)
{
	const uint64_t ours = COUNT(words_apps) - 1;
	const uint64_t apple = COUNT(words_apple_apps) - 1;
	uint64_t k = rng_below(r, ours + apple);

	return k < ours ? words_apps[k] : words_apple_apps[k - ours];
}
