/* The floor for an authenticated updateWorkerType: a CGI program in C that checks the Hawk signature (its key is in the
   environment), stores the nonce, and replaces the definition by the body, each in a transaction of its own. */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *environment(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

/* The value of an attribute of the Authorization header. */
static void attribute(const char *name, char *value, size_t size) {
    char start[32];
    const char *found, *end;
    snprintf(start, sizeof start, " %s=\"", name);
    value[0] = 0;
    if (!(found = strstr(environment("HTTP_AUTHORIZATION"), start))) return;
    found += strlen(start);
    if ((end = strchr(found, '"')) && (size_t)(end - found) < size) {
        memcpy(value, found, end - found);
        value[end - found] = 0;
    }
}

static int refuse(const char *reason) {
    printf("Status: 401 Unauthorized\r\nContent-Type: text/plain\r\n\r\n%s\n", reason);
    return 0;
}

static int is_signed(const char *timestamp, const char *nonce, const char *mac) {
    char text[2048];
    unsigned char digest[EVP_MAX_MD_SIZE], expected[64];
    unsigned int length;
    const char *key = environment("FLOOR_KEY");
    int count = snprintf(
        text, sizeof text, "hawk.1.header\n%s\n%s\nPOST\n%s\nlocalhost\n80\n\n\n", timestamp, nonce,
        environment("REQUEST_URI"));
    if (count < 0 || (size_t)count >= sizeof text) return 0;
    if (!HMAC(EVP_sha256(), key, (int)strlen(key), (unsigned char *)text, count, digest, &length)) return 0;
    EVP_EncodeBlock(expected, digest, (int)length);
    return strlen(mac) == 44 && CRYPTO_memcmp(mac, expected, 44) == 0;
}

static int run(sqlite3 *database, const char *sql, const char *first, const char *second, sqlite3_int64 number) {
    sqlite3_stmt *statement;
    int changes;
    if (sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK) return -1;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) return -1;
    sqlite3_bind_text(statement, 1, first, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, second, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 3, number);
    if (sqlite3_step(statement) != SQLITE_DONE) return -1;
    sqlite3_finalize(statement);
    changes = sqlite3_changes(database);
    return sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) == SQLITE_OK ? changes : -1;
}

int main(void) {
    char id[256], timestamp[32], nonce[64], mac[64];
    static char body[1 << 16];
    const char *name = strstr(environment("REQUEST_URI"), "/worker-type/");
    char worker_type[64];
    ssize_t length = read(STDIN_FILENO, body, sizeof body - 1);
    sqlite3 *database;
    struct timespec now;
    if (length <= 0 || !name || sscanf(name, "/worker-type/%63[^/]/update", worker_type) != 1) return 1;
    body[length] = 0;
    attribute("id", id, sizeof id);
    attribute("ts", timestamp, sizeof timestamp);
    attribute("nonce", nonce, sizeof nonce);
    attribute("mac", mac, sizeof mac);
    clock_gettime(CLOCK_REALTIME, &now);
    if (!is_signed(timestamp, nonce, mac) || labs(atol(timestamp) - now.tv_sec) > 900) return refuse("bad mac");
    if (sqlite3_open_v2(environment("AWS_PROVISIONER_DATABASE"), &database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        return 2;
    sqlite3_busy_timeout(database, 5000);
    if (sqlite3_exec(database, "PRAGMA synchronous = FULL", NULL, NULL, NULL) != SQLITE_OK) return 3;
    if (run(database, "INSERT INTO nonces (client_id, nonce, timestamp) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", id, nonce,
            atol(timestamp)) != 1)
        return refuse("seen before");
    if (run(database, "UPDATE worker_types SET definition = ?2, last_modified = ?3 WHERE name = ?1", worker_type, body,
            now.tv_sec * 1000LL + now.tv_nsec / 1000000) != 1)
        return 4;
    printf("Status: 200 OK\r\nContent-Type: application/json\r\n\r\n%s", body);
    sqlite3_close(database);
    return 0;
}
