#ifndef ARTIFACT_ADDRESS_H
#define ARTIFACT_ADDRESS_H
#include <stddef.h>

#include "record.h"
#include "str.h"

/*
 * Who is at the other end of a message or a call: a phone number, an e-mail
 * address, or some other name, told apart by their form.
 */
enum address_kind { ADDRESS_PHONE, ADDRESS_EMAIL, ADDRESS_OTHER };

/* "tel:" and "mailto:" in front are cut from s. */
enum address_kind address_kind(struct str *s);

/* Sets the field of its kind; the three fields stand in that order. */
void address_put(struct record *r, size_t first_field, struct str s);

/*
 * The number in "14155550100@s.whatsapp.net", with "+" in front, in out; ""
 * for the identifiers of groups and of hidden numbers.
 */
#define ADDRESS_ROOM 20
struct str address_of_jid(struct str jid, char out[static ADDRESS_ROOM]);
#endif
