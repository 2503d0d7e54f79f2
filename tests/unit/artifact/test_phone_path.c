#include <string.h>

#include "address.h"
#include "check.h"
#include "phone_path.h"

static void
expect_path(const char *domain, const char *relative, const char *path)
{
	struct buf b;

	buf_init(&b, 4096);
	phone_path_put(&b, str_from(domain), str_from(relative));
	CHECK(strcmp(buf_cstr(&b), path) == 0);
	buf_done(&b);
}

static void
expect_hosts(const char *path, const char *hosts)
{
	struct str v[4];
	struct buf low, b;
	size_t n;

	buf_init(&low, 4096);
	buf_init(&b, 4096);
	n = phone_path_hosts(str_from(path), &low, v, 4);
	for (size_t i = 0; i < n; i++) {
		buf_str(&b, v[i]);
		buf_u8(&b, ';');
	}
	if (strcmp(buf_cstr(&b), hosts) != 0) {
		fprintf(stderr, "%s: \"%s\"\n", path, buf_cstr(&b));
		exit(1);
	}
	buf_done(&low);
	buf_done(&b);
}

static void
expect_kind(const char *text, enum address_kind kind)
{
	struct str s = str_from(text);

	CHECK(address_kind(&s) == kind);
}

static void
test_jid(void)
{
	char out[ADDRESS_ROOM];

	CHECK(
	    str_is(address_of_jid(str_from("14155550100@s.whatsapp.net"), out),
		"+14155550100"));
	CHECK(str_is(
	    address_of_jid(str_from("14155550100:3@s.whatsapp.net"), out),
	    "+14155550100"));
	CHECK(address_of_jid(str_from("120363@g.us"), out).n == 0);
	CHECK(address_of_jid(str_from("1000000@lid"), out).n == 0);
	CHECK(address_of_jid(str_from(""), out).n == 0);
	CHECK(
	    address_of_jid(str_from("12345678901234567890@s.whatsapp.net"), out)
		.n == 0);
	CHECK(address_of_jid(str_from("12345x@s.whatsapp.net"), out).n == 0);
}

int
main(void)
{
	expect_path("HomeDomain", "Library/SMS/sms.db",
	    "/private/var/mobile/Library/SMS/sms.db");
	expect_path("RootDomain", "", "/private/var/root");
	expect_path("MediaDomain", "Library/SMS/Attachments/ab",
	    "/private/var/mobile/Library/SMS/Attachments/ab");
	expect_path("AppDomain-com.example", "Documents/x", "Documents/x");
	expect_path("", "", "");
	CHECK(str_is(
	    phone_path_app(str_from("AppDomain-com.example")), "com.example"));
	CHECK(phone_path_app(str_from("HomeDomain")).n == 0);

	expect_hosts(
	    "a/https_www.Example.ORG_0.localstorage", "www.example.org;");
	expect_hosts("a/https_www.example.org_0/x.db", "www.example.org;");
	expect_hosts("a/http+++shop.example.net", "shop.example.net;");
	expect_hosts("x_a.example_y/b_c.example", "a.example;c.example;");
	expect_hosts("a_xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai;");
	expect_hosts("Library/com.apple.foo.plist", "");
	expect_hosts("IMG_0001.HEIC", "");
	expect_hosts("a_b..c_.d_e._1.2.3.4", "");
	expect_hosts("", "");
	expect_hosts("___/_._", "");

	expect_kind("+1 (555) 010-0000", ADDRESS_PHONE);
	expect_kind("tel:+15550100", ADDRESS_PHONE);
	expect_kind("mailto:a@example.org", ADDRESS_EMAIL);
	expect_kind("12", ADDRESS_OTHER);
	expect_kind("EXAMPLE", ADDRESS_OTHER);
	expect_kind("", ADDRESS_OTHER);
	test_jid();
	return 0;
}
