// What GRDB leaves out of SQLite: Swift cannot call a function with a variable argument list.

#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

#include <sqlite3.h>

// SQLite counts the bytes of all its allocations, under a mutex; nobody asks for the sums. Does
// nothing once SQLite is in use.
static inline void csqlite_stop_counting_memory(void) {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

#endif
