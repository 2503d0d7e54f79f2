#ifndef SAMPLE_SMS_SCHEMA_H
#define SAMPLE_SMS_SCHEMA_H

/* Tables of Messages on iOS 17; in two, as strings of C end at 4,095 bytes. */
extern const char sms_schema_message[];
extern const char sms_schema_rest[];
#endif
