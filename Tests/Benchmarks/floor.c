/* The floor for the start of a process: opens the database and reads up to 100 rows of one table. */
#include <sqlite3.h>
#include <stdio.h>

int main(int count, char **arguments) {
    sqlite3 *database;
    sqlite3_stmt *statement;
    int rows = 0;
    if (count < 2 || sqlite3_open_v2(arguments[1], &database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) return 1;
    if (sqlite3_prepare_v2(database, "SELECT name FROM worker_types ORDER BY name LIMIT 100", -1, &statement, NULL)
        != SQLITE_OK) return 2;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        rows += 1;
        puts((const char *)sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return rows == 100 ? 0 : 3;
}
