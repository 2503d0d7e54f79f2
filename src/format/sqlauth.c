#include <string.h>

#include "sqlro_impl.h"

/*
 * What a statement may do: read plain tables of the file, and call a few
 * functions that are harmless whatever their arguments. Nothing that the
 * file's maker wrote is ever run: no views, triggers, virtual tables or
 * generated columns.
 */
static bool
is_function_allowed(const char *name)
{
	static const char *const allowed[] = { "abs", "avg", "coalesce",
		"count", "ifnull", "iif", "length", "lower", "max", "min",
		"nullif", "round", "substr", "sum", "total", "typeof",
		"upper" };

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (sqlite3_stricmp(name, allowed[i]) == 0)
			return true;
	return false;
}

static const struct sqltable *
find(const struct sqlro *d, const char *name)
{
	for (size_t i = 0; i < d->ntables; i++)
		if (d->tables[i].kind != SQLTABLE_OTHER &&
		    str_eq_nocase(d->tables[i].name, str_from(name)))
			return &d->tables[i];
	return NULL;
}

/* Columns are known beforehand of every table that has computed ones. */
static bool
is_read_allowed(const struct sqlro *d, const char *table, const char *column)
{
	const struct sqltable *t = find(d, table);

	if (t == NULL || t->kind != SQLTABLE_PLAIN)
		return false;
	for (size_t i = 0; i < t->ncolumns; i++)
		if (t->columns[i].computed &&
		    str_eq_nocase(t->columns[i].name, str_from(column)))
			return false;
	return true;
}

int
sqlro_authorize(void *arg, int action, const char *a, const char *b,
    const char *schema, const char *context)
{
	const struct sqlro *d = arg;

	(void)schema;
	if (d->trusted)
		return SQLITE_OK;
	if (context != NULL) /* asked for from inside a view or trigger */
		return SQLITE_DENY;
	if (action == SQLITE_SELECT)
		return SQLITE_OK;
	if (action == SQLITE_READ && a != NULL && b != NULL)
		return is_read_allowed(d, a, b) ? SQLITE_OK : SQLITE_DENY;
	if (action == SQLITE_FUNCTION && b != NULL)
		return is_function_allowed(b) ? SQLITE_OK : SQLITE_DENY;
	return SQLITE_DENY;
}
