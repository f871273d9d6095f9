/* The floor for a request: a CGI program in C that answers with the names of all worker types. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    sqlite3 *database;
    sqlite3_stmt *statement;
    const char *path = getenv("AWS_PROVISIONER_DATABASE");
    const char *separator = "";
    if (!path || sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) return 1;
    if (sqlite3_prepare_v2(database, "SELECT name FROM worker_types ORDER BY name", -1, &statement, NULL) != SQLITE_OK)
        return 2;
    printf("Status: 200 OK\r\nContent-Type: application/json\r\n\r\n[");
    while (sqlite3_step(statement) == SQLITE_ROW) {
        printf("%s\"%s\"", separator, (const char *)sqlite3_column_text(statement, 0));
        separator = ",";
    }
    printf("]");
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return 0;
}
