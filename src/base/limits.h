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

/* One member held in memory: the largest message database seen, twice. */
#define LIMIT_ARCHIVE_MEMBER ((size_t)512 << 20)

/* All members held in memory: what a small computer has to spare. */
#define LIMIT_ARCHIVE_HELD ((uint64_t)2 << 30)

/* Damaged places in a plain tar that are skipped before giving up. */
#define LIMIT_ARCHIVE_RESYNC 1000

/* What an archive may unpack to: twice the storage of the largest phone. */
#define LIMIT_UNPACK ((uint64_t)4 << 40)

/*
 * Times its own size, once it is beyond LIMIT_UNPACK_FREE. Listings of empty
 * files reach 50, whole phones 3; a bomb reaches 1,000 and more.
 */
#define LIMIT_UNPACK_RATIO 256
#define LIMIT_UNPACK_FREE  ((uint64_t)1 << 30)

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

/*
 * Files that one artifact may have in one acquisition: the largest real dump
 * has some thousand web databases. More are named in a note, not read.
 */
#define LIMIT_PLAN_FILES ((size_t)50000)

/* Memory of one worker on top of what it starts with: an arena, and as much. */
#define LIMIT_WORKER_MEMORY ((uint64_t)1 << 30)

/* CPU seconds of one worker: a reader gets through 50 MB in one second. */
#define LIMIT_WORKER_CPU_S	  ((uint64_t)120)
#define LIMIT_WORKER_CPU_S_PER_MB ((uint64_t)1)
#define LIMIT_WORKER_CPU_S_MAX	  ((uint64_t)3600)

/*
 * Seconds that a worker may sleep without using the CPU or waiting for a
 * disk: no reader of ours sleeps at all, only one that was taken over.
 */
#define LIMIT_WORKER_SLEEP_S 60

/* Memory of the opener: the names of all entries, held members, a key. */
#define LIMIT_OPENER_MEMORY ((uint64_t)8 << 30)

/*
 * Hits of one level in one file, and findings of one report: nobody reads
 * more, and an attacker could otherwise fill the report's memory.
 */
#define LIMIT_HITS_PER_FILE ((size_t)10000)
#define LIMIT_FINDINGS	    ((size_t)10000)

/*
 * Records that are looked at together (correlations), of one file and in all:
 * ten times what the widest rules keep of a phone full of attachments.
 */
#define LIMIT_KEPT_PER_FILE ((size_t)100000)
#define LIMIT_KEPT_BYTES    ((size_t)64 << 20)

/* Notes of one report. */
#define LIMIT_REPORT_NOTES ((size_t)10000)

/* Reasons that coverage lists for one artifact; more are said to exist. */
#define LIMIT_REASONS ((size_t)8)

/* The timeline: what a person can still open in a table program. */
#define LIMIT_TIMELINE_EVENTS ((size_t)1000000)
#define LIMIT_TIMELINE_BYTES  ((size_t)256 << 20)

/*
 * What the first pass tells the second about the rows of one file, and of all
 * files: 32 bytes for 128 rows. Without it every row is looked at again.
 */
#define LIMIT_ROW_INDEX	  ((size_t)4 << 20)
#define LIMIT_ROW_INDEXES ((size_t)32 << 20)

/* One line of it. */
#define LIMIT_EVENT_TEXT ((size_t)1024)

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

/* Nesting of rich text; an attribute's value is at depth 8. */
#define LIMIT_TYPEDSTREAM_DEPTH 32

/* One value or row of a database; the largest real blobs are a few MB. */
#define LIMIT_SQL_LENGTH ((int)32 << 20)

/* One statement, ours or one of the schema; Apple's longest has 8 KB. */
#define LIMIT_SQL_TEXT ((int)1 << 20)

/*
 * Instructions to read a schema: some 10,000 entries, the longest real has
 * 450. SQLite's look-up of names is linear in their number.
 */
#define LIMIT_SQL_SCHEMA_STEPS ((uint64_t)200000)

/* Instructions of one query, and four more for each byte of the file. */
#define LIMIT_SQL_STEPS ((uint64_t)20000000)

/* Pages of a database that is checked whole: 64 GB of the usual size. */
#define LIMIT_SQL_PAGES ((uint32_t)16 << 20)

/* Rows that are looked for one by one behind damage. */
#define LIMIT_SQL_ROWS ((size_t)8 << 20)

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
/* Nesting of an indicator file; STIX itself needs 6. */
#define LIMIT_JSON_DEPTH 100

/* One text in an indicator file; the longest real pattern has 90 bytes. */
#define LIMIT_JSON_STRING ((size_t)64 << 20)

/*
 * A pattern as alternatives of terms that must all hold: lists of ten
 * thousand values are published, products of lists are not.
 */
#define LIMIT_PATTERN_ALTS ((size_t)1 << 19)

/* Terms that must hold together; records have fewer fields. */
#define LIMIT_PATTERN_TERMS ((size_t)64)

/* Brackets in brackets; real patterns need one or two. */
#define LIMIT_PATTERN_DEPTH 64

/* One object path, "windows-registry-key:values[0].data". */
#define LIMIT_PATTERN_PATH ((size_t)1024)

/*
 * Distinct values of all indicators, and their bytes: ten times the largest
 * collection that we know of; about 1 GB of memory.
 */
#define LIMIT_INDICATORS      ((size_t)1 << 24)
#define LIMIT_INDICATOR_BYTES ((size_t)1 << 30)

/* Ids of objects in indicator files: every indicator and what it is tied to. */
#define LIMIT_INDICATOR_IDS ((size_t)1 << 26)

/* Ways in which the indicators of one set can be compared; there are 20. */
#define LIMIT_INDICATOR_SHAPES ((size_t)256)

/* A name, source or licence in an indicator file. */
#define LIMIT_INDICATOR_NAME ((size_t)1024)

/* Names, and what could not be used with the reason, of all files. */
#define LIMIT_INDICATOR_TEXT ((size_t)64 << 20)

/* Folders in folders below one that was given with -i. */
#define LIMIT_INDICATOR_FOLDERS 32

/*
 * What the correlations of one run may hold: some ten million occurrences,
 * a day of a busy server. A phone's records need a thousandth of it.
 */
#define LIMIT_CORRELATION_MEMORY ((size_t)1 << 30)

/* Occurrences that one match of a correlation names: nobody reads more. */
#define LIMIT_CORRELATION_PARTS ((size_t)1000)

/*
 * Different values of fields that one match hands to the correlations above
 * it: hosts or users of one brute-force attack.
 */
#define LIMIT_CORRELATION_CARRIED ((size_t)1000)

/*
 * YAML that people write: all 3,780 public Sigma rules in one file have 8 MB
 * and 230,000 values. Values and bytes count as if each alias was written out.
 */
#define LIMIT_YAML_BYTES    ((size_t)32 << 20)
#define LIMIT_YAML_NODES    ((size_t)1 << 19)
#define LIMIT_YAML_UNFOLDED ((size_t)64 << 20)

/* Lists and maps in each other; a rule needs 5. */
#define LIMIT_YAML_DEPTH 32

/* Anchors of one document; they are looked up one by one. */
#define LIMIT_YAML_ANCHORS 256

/*
 * One search of a regular expression of a rule: some 10 ms at worst. Searches
 * of real rules in command lines of 8 KB stay below a tenth of the steps.
 */
#define LIMIT_REGEX_STEPS   ((uint32_t)1000000)
#define LIMIT_REGEX_DEPTH   ((uint32_t)100000)
#define LIMIT_REGEX_HEAP_KB ((uint32_t)32 << 10)

/*
 * Texts of one list times those of another that a rule compares: real lists
 * have tens, a hostile pair would take hours.
 */
#define LIMIT_FIELDREF_PAIRS ((size_t)1000000)

/* For reading one expression; beyond, it is searched without a filter. */
#define LIMIT_REGEX_NEED ((size_t)4 << 20)

/*
 * A stream of events as lines of JSON. One line: the longest real ones are
 * scripts that were logged, 1 MB. Fields of one line and their names, which
 * are kept from line to line: flattened cloud logs have some thousand.
 */
#define LIMIT_EVENT_LINE       ((size_t)16 << 20)
#define LIMIT_EVENT_VALUES     ((size_t)1 << 20)
#define LIMIT_EVENT_NAMES      ((size_t)1 << 17)
#define LIMIT_EVENT_NAME_BYTES ((size_t)64 << 20)

/* One dotted name; a field that a rule names has at most 100 bytes. */
#define LIMIT_EVENT_PATH 1024
#endif
