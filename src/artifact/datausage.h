#ifndef ARTIFACT_DATAUSAGE_H
#define ARTIFACT_DATAUSAGE_H
#include "artifact.h"

/*
 * Network use by process: DataUsage.sqlite (the mobile network) and
 * netusage.sqlite (all networks) are two files of one form.
 */
enum {
	DATAUSAGE_PROCESS,
	DATAUSAGE_PROCESS_NAME,
	DATAUSAGE_PROCESS_BUNDLE,
	DATAUSAGE_BUNDLE_ID,
	DATAUSAGE_PROCESS_ID,
	DATAUSAGE_LIVE_ID,
	DATAUSAGE_WIFI_IN,
	DATAUSAGE_WIFI_OUT,
	DATAUSAGE_WWAN_IN,
	DATAUSAGE_WWAN_OUT,
	DATAUSAGE_STATE,
	DATAUSAGE_MISSING,
	DATAUSAGE_FOLLOWS,
	DATAUSAGE_AFTER,
	DATAUSAGE_FIRST,
	DATAUSAGE_LAST,
	DATAUSAGE_LIVE,
	DATAUSAGE_FOLLOWS_TIME,
	DATAUSAGE_PROCESS_FIRST,
	DATAUSAGE_PROCESS_LAST,
	DATAUSAGE_NFIELDS,
};
extern const struct field datausage_fields[];

enum err datausage_read(struct artifact_ctx *ctx, struct file *f);
void datausage_describe(const void *record, struct buf *out);
#endif
