#include "detect_case.h"

/*
 * Each line: an indicator, a field, and whether they agree. Those marked
 * "peer" are what the best known tool misses or reports wrongly.
 */
struct rule {
	const char *pattern;
	enum obs obs;
	const char *value;
	bool match;
};

static const struct rule rules[] = {
	/* Domains: themselves and what is below, by labels. */
	{"[domain-name:value='b.good.org']",				      OBS_URL,	       "https://b.good.org",
	    true																			      },
	{ "[domain-name:value='b.good.org']",				      OBS_URL,	       "https://a.b.good.org/x",
	    true																			      }, /* peer */
	{ "[domain-name:value='b.good.org']",				      OBS_URL,
	    "https://b.good.org:443/",																   true }, /* peer */
	{ "[domain-name:value='b.good.org']",				      OBS_URL,
	    "https://user:pw@b.good.org/",															       true }, /* peer */
	{ "[domain-name:value='web.good.org']",					OBS_URL,		 "https://web.good.org",
	    true																			      }, /* peer: strips "w" */
	{ "[domain-name:value='www.tzsafe.com']",				  OBS_URL,
	    "http://www.tzsafe.com/",																    true }, /* peer */
	{ "[domain-name:value='good.org']",					    OBS_URL,		     "https://notgood.org/",
	    false																			     },
	{ "[domain-name:value='good.org']",					    OBS_URL,
	    "https://good.org.evil.com/",																false},
	{ "[domain-name:value='evil.com']",					    OBS_URL,
	    "https://example.invalid/?r=evil.com",														       false}, /* peer */
	{ "[domain-name:value='evil.com']",					    OBS_URL,
	    "https://example.invalid/evil.com",															  false},
	{ "[domain-name:value='evil.com']",					    OBS_URL,
	    "https://evil.com@example.invalid/",															 false},
	{ "[domain-name:value='evil.com']",					    OBS_URL,
	    "https://example.invalid#@evil.com",															 false},
	{ "[domain-name:value='evil.com']",					    OBS_URL,		     "https:\\\\evil.com\\x",
	    true																			      },
	{ "[domain-name:value='evil.com']",					    OBS_URL,		     "HTTPS://EVIL.COM./",
	    true																			      },
	{ "[domain-name:value='Evil.COM.']",				     OBS_URL,	      "http://evil.com",						 true },
	{ "[domain-name:value='evil.com']",					    OBS_URL,		     "http://ev%69l.com/",
	    true																			      },
	{ "[domain-name:value='evil.com']",					    OBS_URL,		     "evil.com/login",					       true },
	{ "[domain-name:value='evil.com']",					    OBS_URL,		     "evil.com:8080/x",						true },
	{ "[domain-name:value='evil.com']",					    OBS_URL,		     "ws://evil.com",						      true },
	{ "[domain-name:value='evil.com']",					    OBS_URL,
	    "view-source:https://evil.com/",															     true },
	{ "[domain-name:value='evil.com']",					    OBS_URL,
	    "blob:https://evil.com/1-2",																 true },
	{ "[domain-name:value='*.evil.com']",				      OBS_DOMAIN,		  "a.evil.com",							true },
	{ "[domain-name:value='evil.com']",					    OBS_DOMAIN,		".evil.com",						     true },
	{ "[domain-name:value='evil.com']",					    OBS_DOMAIN,		"evil.com:443",							true },
	{ "[domain-name:value='evil.com']",					    OBS_DOMAIN,		"com",							       false},
	{ "[domain-name:value='evil.com']",					    OBS_DOMAIN,		"evil.com\n",						      false},
 /* IDN, both ways. */
	{ "[domain-name:value='xn--80ak6aa92e.com']",			      OBS_URL,
	    "https://\xd0\xb0\xd1\x80\xd1\x80\xd3\x8f\xd0\xb5.com/x",												    true }, /* peer */
	{ "[domain-name:value='\xd0\xb0\xd1\x80\xd1\x80\xd3\x8f\xd0\xb5.com']",
	    OBS_URL,										     "https://a.xn--80ak6aa92e.com/x",			       true },
	{ "[domain-name:value='b\xc3\xbc"
	  "cher.example']",					    OBS_DOMAIN,
	    "B\xc3\x9c"
	    "CHER.EXAMPLE",																	   true },
	{ "[domain-name:value='evil.com']",					    OBS_DOMAIN,
	    "evil\xe3\x80\x82"
	    "com",																		    true },
	{ "[domain-name:value='evil.com']",					    OBS_DOMAIN,		"\xff\xfe.evil.com",
	    true																			      },
 /* Addresses. */
	{ "[ipv4-addr:value='1.2.3.4']",					 OBS_URL,		  "http://1.2.3.4:8080/x",
	    true																			      },
	{ "[ipv4-addr:value='1.2.3.4']",					 OBS_URL,		  "http://11.2.3.45/x",
	    false																			     }, /* peer */
	{ "[ipv4-addr:value='1.2.3.4']",					 OBS_IP,		 "::ffff:1.2.3.4",						   true },
	{ "[ipv4-addr:value='1.2.3.4']",					 OBS_IP,		 "1.2.3.4:443",							true },
	{ "[ipv4-addr:value='1.2.3.4']",					 OBS_DOMAIN,	     "1.2.3.4",							true },
	{ "[ipv4-addr:value='1.2.3.4']",					 OBS_URL,		  "http://0x01020304/",						false},
	{ "[domain-name:value='176.223.111.131']",				   OBS_IP,		   "176.223.111.131",
	    true																			      },
	{ "[ipv6-addr:value='2001:db8::1']",				     OBS_IP,		     "2001:0DB8:0:0::1",						 true },
	{ "[ipv6-addr:value='2001:db8::1']",				     OBS_URL,
	    "https://[2001:db8::1]:8443/",															       true },
	{ "[ipv6-addr:value='2001:db8::1']",				     OBS_IP,		     "2001:db8::1%en0",						true },
	{ "[ipv6-addr:value='2001:db8::1']",				     OBS_DOMAIN,		 "2001:db8::1",							true },
	{ "[ipv4-addr:value='198.51.100.0/24']",				 OBS_IP,		 "198.51.100.77",
	    true																			      },
	{ "[ipv4-addr:value ISSUBSET '198.51.100.0/24']",			  OBS_IP,
	    "198.51.101.1",																	      false},
	{ "[ipv6-addr:value='2001:db8::/32']",				       OBS_IP,	       "2001:db8:ffff::9",
	    true																			      },
 /* Web addresses. */
	{ "[url:value='https://e.com/?a=b']",				      OBS_URL,	       "https://e.com/?a=b",
	    true																			      }, /* peer: dies */
	{ "[url:value='HTTPS://E.com:443/A#x']",				 OBS_URL,		  "https://e.com/A",
	    true																			      },
	{ "[url:value='https://e.com/A']",					   OBS_URL,		    "https://e.com/a",					       false},
	{ "[url:value='https://e.com']",					 OBS_URL,		  "https://e.com/",						    true },
	{ "[url:value='https://e.com/a']",					   OBS_URL,		    "https://e.com/a/",						true },
	{ "[url:value='https://e.com/a']",					   OBS_URL,		    "https://e.com/a/b",
	    false																			     },
	{ "[url:value='http://e.com/a']",					  OBS_URL,		   "https://e.com/a",					      false},
	{ "[url:value='e.com/a']",					      OBS_URL,		    "https://u@e.com:443/a",					     true },
	{ "[domain-name:value='fgr1w2gnsdvsb.xyz/x']",			       OBS_URL,
	    "https://fgr1w2gnsdvsb.xyz/x",															       true }, /* peer */
	{ "[domain-name:value='fgr1w2gnsdvsb.xyz/x']",			       OBS_URL,
	    "https://www.fgr1w2gnsdvsb.xyz/x/y?z",														       true },
	{ "[domain-name:value='fgr1w2gnsdvsb.xyz/x']",			       OBS_URL,
	    "https://fgr1w2gnsdvsb.xyz/xy",															      false},
	{ "[domain-name:value='fgr1w2gnsdvsb.xyz/x']",			       OBS_URL,
	    "https://fgr1w2gnsdvsb.xyz/",																false},
 /* Paths: aliases and component boundaries. */
	{ "[file:path='/private/var/tmp/l/']",				       OBS_PATH,		 "/private/var/tmp/l/a",
	    true																			      },
	{ "[file:path='/private/var/tmp/l/']",				       OBS_PATH,		 "/private/var/tmp/lib",
	    false																			     }, /* peer */
	{ "[file:path='/private/var/tmp/l/']",				       OBS_PATH,		 "/var/tmp/l",						       true },
	{ "[file:path='/tmp/l/']",					      OBS_PATH,	     "/private/var/tmp/l/x",					     true },
	{ "[file:path='/tmp/kusama.txt']",					   OBS_PATH,	     "/tmp/kusama.txt",						true },
	{ "[file:path='/private/var/tmp/stop']",				 OBS_PATH,
	    "private/var/tmp/stop",																      true }, /* peer */
	{ "[file:path='/private/var/tmp/stop']",				 OBS_PATH,
	    "/private/var/tmp/stop2",																    false}, /* peer */
	{ "[file:path='/private/var/tmp/stop']",				 OBS_PATH,
	    "/private//var/./tmp/stop/x",																true },
	{ "[file:path='/x/evil']",					      OBS_PATH,	     "/x/evilother",						     false}, /* peer */
	{ "[file:path='/x/evil']",					      OBS_PATH,	     "/x/Evil",							false},
	{ "[directory:path='/x/evil']",					 OBS_PATH,		  "/x/evil/a/b",							 true },
	{ "[file:path='/private/var/tmp/*.kb']",				 OBS_PATH,
	    "/private/var/tmp/persona.kb",															       true }, /* peer */
	{ "[file:path='/private/var/tmp/*.kb']",				 OBS_PATH,
	    "/private/var/tmp/a/persona.kb",															     false},
	{ "[file:path='/private/var/tmp/wifi_passwords*.txt']",			OBS_PATH,
	    "/var/tmp/wifi_passwords_securityd.txt",														     true },
	{ "[file:path='*/evil*/x']",					    OBS_PATH,	       "/a/b/evil1/x",						       true },
	{ "[file:path='Library/Preferences/com.apple.photolibraryd.plist']",
	    OBS_PATH,										    "/private/var/mobile/Library/Preferences/"
	    "com.apple.photolibraryd.plist",													true },
	{ "[file:path='Library/Preferences/com.apple.photolibraryd.plist']",
	    OBS_PATH,										    "HomeDomain/Library/Preferences/com.apple.photolibraryd.plist",
	    true																			      },
	{ "[file:path='Library/P/x']",					  OBS_PATH,		 "/a/MyLibrary/P/x",					     false},
	{ "[file:path='Library/P/']",					   OBS_PATH,		"/a/Library/P/x/y",						    true },
	{ "[file:path='/private/var/mobile/Library/Caches/.x']",		 OBS_PATH,
	    "HomeDomain/Library/Caches/.x",															      true },
	{ "[file:path='/private/var/mobile/Library/SMS/a']",		     OBS_PATH,
	    "~/Library/SMS/a",																	   true },
	{ "[file:path='/private/var/root/x']",				       OBS_PATH,		 "RootDomain/x",						 true },
	{ "[file:path='/x/evil']",					      OBS_PATH,	     "file:///x/evil",					       true },
	{ "[file:name='evil.plist']",					   OBS_PATH,		"/a/evil.plist",						 true },
	{ "[file:name='evil.plist']",					   OBS_PATH,		"/a/Evil.plist",						 false},
	{ "[file:name='evil.plist']",					   OBS_PATH,		"/a/not-evil.plist",					     false},
	{ "[file:name='evil.plist']",					   OBS_FILE_NAME,	     "evil.plist",						   true },
 /* Mail, telephone, identifiers, hashes. */
	{ "[email-addr:value='Bad@Evil.com']",				       OBS_EMAIL,		  "bad@evil.com",
	    true																			      },
	{ "[email-addr:value='bad@evil.com']",				       OBS_PHONE,		  "mailto:BAD@evil.com",
	    true																			      },
	{ "[email-addr:value='bad@evil.com']",				       OBS_URL,
	    "mailto:bad@evil.com?subject=x",															     true },
	{ "[email-addr:value='bad@evil.com']",				       OBS_EMAIL,		  "E:bad@evil.com",
	    true																			      },
	{ "[email-addr:value='bad@evil.com']",				       OBS_EMAIL,
	    "Bad One <bad@evil.com>",																    true },
	{ "[email-addr:value='bad@evil.com']",				       OBS_EMAIL,		  "xbad@evil.com",
	    false																			     },
	{ "[domain-name:value='evil.com']",					    OBS_EMAIL,	       "a@mail.evil.com",
	    true																			      },
	{ "[domain-name:value='evil.com']",					    OBS_EMAIL,	       "a@notevil.com",						false},
	{ "[phone-number:value='+49 151 1234567']",				    OBS_PHONE,
	    "0049-151-1234567",																	  true },
	{ "[phone-number:value='+491511234567']",				  OBS_EMAIL,
	    "491511234567@s.whatsapp.net",															       true },
	{ "[phone-number:value='+491511234567']",				  OBS_PHONE,	     "1511234567",
	    false																			     },
	{ "[app:id='com.Evil.App']",					    OBS_BUNDLE_ID,	    "com.evil.app",						    true },
	{ "[app:id='com.evil']",						OBS_BUNDLE_ID,	"com.evil.app",							false},
	{ "[configuration-profile:id='76DAB334-7E17-475D-A5D6-0794EB5818A5']",
	    OBS_PROFILE_ID,									      "76dab334-7e17-475d-a5d6-0794eb5818a5",			    true },
	{ "[configuration-profile:id='76DAB334-7E17-475D-A5D6-0794EB5818A5']",
	    OBS_PROFILE_ID,									      "A",							    false}, /* peer: the wrong way round */
	{ "[android-property:name='Sys.foobar']",				  OBS_ANDROID_PROPERTY,
	    "sys.foobar",																		true },
	{ "[file:hashes.'SHA-256'="
	  "'00000000000000000000000000000000000000000000000000000000000000AB'"
	  "]",							 OBS_SHA256,
	    "00000000000000000000000000000000000000000000000000000000000000ab",											  true },
	{ "[file:hashes.\"SHA-1\"='00000000000000000000000000000000000000ab']",
	    OBS_SHA1,										    "00000000000000000000000000000000000000AB",
	    true																			      }, /* peer */
	{ "[file:hashes.MD5='000000000000000000000000000000ab']",		  OBS_MD5,
	    "000000000000000000000000000000ab",															  true },
	{ "[app:cert.sha256="
	  "'00000000000000000000000000000000000000000000000000000000000000ab'"
	  "]",							 OBS_CERT_SHA256,
	    "00000000000000000000000000000000000000000000000000000000000000ab",											  true },
	{ "[file:hashes.sha256="
	  "'00000000000000000000000000000000000000000000000000000000000000ab'"
	  "]",							 OBS_CERT_SHA256,
	    "00000000000000000000000000000000000000000000000000000000000000ab",											  false},
 /* LIKE and MATCHES, on their own observable only. */
	{ "[domain-name:value LIKE '%.evil.com']",				   OBS_URL,
	    "https://A.Evil.com/",																       true },
	{ "[domain-name:value LIKE 'ev_l.com']",				 OBS_DOMAIN,	     "evil.com",							 true },
	{ "[domain-name:value LIKE 'ev_l.com']",				 OBS_DOMAIN,	     "evl.com",							false},
	{ "[domain-name:value LIKE '%evil%']",				       OBS_PATH,		 "/evil/x",							    false},
	{ "[url:value LIKE 'http%/gate.php%']",					OBS_URL,
	    "https://x.example/gate.php?id=1",															   true },
	{ "[file:path LIKE '/var/tmp/%.kb']",				      OBS_PATH,		"private/var/tmp/a.kb",
	    true																			      },
	{ "[domain-name:value MATCHES '^[a-z0-9]{15}\\\\.xyz$']",		  OBS_URL,
	    "https://abw3wzr59io82se.xyz/",															      true },
	{ "[domain-name:value MATCHES '^[a-z0-9]{15}\\\\.xyz$']",		  OBS_URL,
	    "https://short.xyz/",																	false},
	{ "[file:name MATCHES '^(kng|dky).+\\.dat$']",			       OBS_PATH,
	    "/private/var/tmp/kng123.dat",															       true },
	{ "[ipv4-addr:value LIKE '10.1.%']",				     OBS_IP,		     "10.1.2.3",							 true },
};

static void
table(void)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const char *patterns[] = { rules[i].pattern, NULL };
		struct indicators *x = sealed_of(patterns, "");
		struct hits all;
		struct one o;

		one_init(&o, rules[i].obs, ROLE_MENTION, rules[i].value);
		CHECK(indicators_count(x) == 1);
		all = hits_of(x, &o.r);
		if (all.n != rules[i].match)
			fprintf(stderr, "%s on \"%s\": %zu hits\n",
			    rules[i].pattern, rules[i].value, all.n);
		CHECK(all.n == (rules[i].match ? 1 : 0));
		indicators_free(x);
	}
}

/* Processes: role, halves, cutting. */
static size_t
process_hits(const char *pattern, const char *value, bool pair, enum role role)
{
	const char *patterns[] = { pattern, NULL };
	struct indicators *x = sealed_of(patterns, "");
	struct one o;
	size_t n;

	one_init(&o, OBS_PROCESS, role, value);
	o.fields[1].flags = pair ? FIELD_PROCESS_PAIR : 0;
	n = hits_of(x, &o.r).n;
	indicators_free(x);
	return n;
}

static void
processes(void)
{
	static const struct {
		const char *pattern, *value;
		bool pair;
		size_t n;
	} cases[] = {
		{"[process:name='bh']",					 "bh",		       false, 1},
		{ "[process:name='bh']",					 "BH",		       false, 0},
		{ "[process:name='bh']",					 "bhd",		false, 0},
		{ "[process:name='bh']",					 "/usr/libexec/bh",   false, 1},
		{ "[process:name='bh']",					 "/usr/bh/x",	      false, 0},
		{ "[process:name='bh']",					 "bh/com.x",	     true,  1},
		{ "[process:name='com.x']",				    "bh/com.x",		true,  1},
		{ "[process:name='x']",					"bh/com.x",	    true,  0},
		{ "[process:name='BackupAgent']",			  "BackupAgent2",	  true,	0},
		{ "[process:name='BackupAgent']",			  "BackupAgent/com.x", true,
		    1										      },
		{ "[app:id='com.evil.app']",				     "x/com.evil.app",    true,  1},
 /* Cut at 15, 16, 31 and 32 bytes, and only there. */
		{ "[process:name='CommsCenterRootHelper']",		    "CommsCenterRoot",
		    false,										1},
		{ "[process:name='CommsCenterRootHelper']",		    "CommsCenterRootH",
		    true,										 1},
		{ "[process:name='CommsCenterRootHelper']",		    "CommsCenterRootHe",
		    false,										0},
		{ "[process:name='CommsCenterRootHelper']",
		    "CommsCenterRootH/com.x",						      true,  1},
		{ "[process:name='CommsCenterRootHelper']",
		    "com.x/CommsCenterRootH",						      true,  0},
		{ "[process:name='abcdefghijklmnopqrstuvwxyz0123456789']",
		    "abcdefghijklmnopqrstuvwxyz01234",					       false, 1},
		{ "[process:name='abcdefghijklmnopqrstuvwxyz0123456789']",
		    "abcdefghijklmnopqrstuvwxyz012345",						false, 1},
		{ "[process:name='abcdefghijklmnopqrstuvwxyz0123456789']",
		    "abcdefghijklmnopqrstuvwxyz01234X",						false, 0},
 /* A name of Apple's begins so too: com.apple.rapport. */
		{ "[process:name='com.apple.rapports.events']",
		    "com.apple.rappor",							    false, 0},
		{ "[process:name='com.apple.rapports.events']",
		    "com.apple.rapports.events",						   false, 1},
 /* What ran from a published place. */
		{ "[file:path='/private/var/db/x/subridged']",
		    "/private/var/db/x/subridged",						   false, 1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = process_hits(cases[i].pattern, cases[i].value,
		    cases[i].pair, ROLE_EXECUTION);

		if (n != cases[i].n)
			fprintf(stderr, "%s on %s: %zu\n", cases[i].pattern,
			    cases[i].value, n);
		CHECK(n == cases[i].n);
	}
	/* Never on files that merely lie on a disk, or in texts. */
	CHECK(process_hits("[process:name='bh']", "bh", false, ROLE_MENTION) ==
	      0);
	CHECK(process_hits("[process:name='bh']", "bh", false, ROLE_CONTACT) ==
	      0);
}

/* An app's id in an execution record is a name under which it ran. */
static void
bundles(void)
{
	const char *patterns[] = { "[process:name='Launch']", NULL };
	struct indicators *x = sealed_of(patterns, "");
	struct one o;

	one_init(&o, OBS_BUNDLE_ID, ROLE_EXECUTION, "Launch");
	CHECK(hits_of(x, &o.r).n == 1);
	one_init(&o, OBS_BUNDLE_ID, ROLE_MENTION, "Launch");
	CHECK(hits_of(x, &o.r).n == 0);
	indicators_free(x);
}

/* A host of a million labels, and one of a million bytes without any. */
static void
long_hosts(void)
{
	const char *patterns[] = { "[domain-name:value='evil.com']", NULL };
	struct indicators *x = sealed_of(patterns, "");
	struct buf b;
	struct one o;

	buf_init(&b, (size_t)8 << 20);
	for (unsigned i = 0; i < 1000000; i++)
		buf_puts(&b, "a.");
	buf_puts(&b, "evil.com");
	one_init(&o, OBS_DOMAIN, ROLE_VISIT, buf_cstr(&b));
	CHECK(hits_of(x, &o.r).n == 1);
	buf_reset(&b);
	for (unsigned i = 0; i < 1000000; i++)
		buf_puts(&b, "\xc3\xbc");
	buf_puts(&b, "evil.com");
	one_init(&o, OBS_DOMAIN, ROLE_VISIT, buf_cstr(&b));
	CHECK(hits_of(x, &o.r).n == 0);
	buf_done(&b);
	indicators_free(x);
}

int
main(void)
{
	table();
	processes();
	bundles();
	long_hosts();
	return 0;
}
