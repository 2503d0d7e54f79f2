#ifndef BASE_SAMPLE_MARKER_H
#define BASE_SAMPLE_MARKER_H

/*
 * What every sample phone of ours carries in its identifiers, so that it is
 * never taken for evidence: the start of its UDID and of its serial number.
 */
#define SAMPLE_UDID_PREFIX   "7e1a55a9"
#define SAMPLE_SERIAL_PREFIX "TLSAMPLE"
#endif
