#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*
 * Every built-in limit, each with the reason for its size. Reaching one is a
 * note and a coverage reason, or ERR_LIMIT; never silence. Sizes in bytes.
 */

/* A reader that finds the same fault again and again need not say it again. */
#define LIMIT_NOTES_PER_FILE 20

/* Longest path of a file inside an acquisition; iOS itself stops at 1024. */
#define LIMIT_PATH 4096

/* Names of all entries: 256 bytes each at the limit of their number. */
#define LIMIT_ENTRY_NAMES ((size_t)1 << 30)

/* Folders in folders, each an open descriptor; iOS itself stays below 40. */
#define LIMIT_FOLDER_DEPTH 200

/* One arena for one file: twice the largest plist seen, as objects. */
#define LIMIT_ARENA ((size_t)512 << 20)

/* A file that a reader asks to have in memory whole (plists, small logs). */
#define LIMIT_FILE_IN_MEMORY ((size_t)64 << 20)

/* Fields in one record; the widest table read today has 40. */
#define LIMIT_RECORD_FIELDS 48

/* One encoded record: a long message with all its links. */
#define LIMIT_RECORD_BYTES ((size_t)4 << 20)

/* One frame between worker and parent: a record and its hit. */
#define LIMIT_FRAME ((size_t)8 << 20)

/* Entries in one acquisition: the largest real dump has under a million. */
#define LIMIT_ENTRIES ((size_t)4 << 20)

/* All strings of one report: a full timeline of some million events. */
#define LIMIT_REPORT ((size_t)4 << 30)

/* A consent record: a page of text; what is longer is something else. */
#define LIMIT_CONSENT ((size_t)64 << 10)

/* A password on one line; phones and computers stop far below. */
#define LIMIT_PASSWORD 1024

/* Nesting of a plist; CoreFoundation writes no deeper than 512, phones 20. */
#define LIMIT_PLIST_DEPTH 256

/* Nodes of a plist with shared ones repeated, so that walking it is bounded. */
#define LIMIT_PLIST_NODES ((uint32_t)8 << 20)

/* Salts of a keybag: real ones have 20 bytes. */
#define LIMIT_KEYBAG_SALT 64

/* Classes of a keybag: iOS has had 11. */
#define LIMIT_KEYBAG_CLASSES 32

/*
 * Rounds of one key derivation: ten times what phones ask for; a hostile bag
 * would have the program count for a year.
 */
#define LIMIT_KDF_ROUNDS ((uint64_t)100000000)

/* All plists of one backup together: the largest real ones are 20 MB. */
#define LIMIT_BACKUP_PLISTS ((size_t)256 << 20)

/* One of the facts about a phone: a name, a serial number. */
#define LIMIT_FACT 256
#endif
