// Reports the type FILE_SYSTEM_TYPE, a hexadecimal number, for every file system (preload the library with LD_PRELOAD), so
// that a test needs no network file system.
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int statfs(const char *path, struct statfs *status) {
    const char *type = getenv("FILE_SYSTEM_TYPE");
    int result = (int)syscall(SYS_statfs, path, status);
    if (result == 0 && type) status->f_type = (__fsword_t)strtoul(type, NULL, 16);
    return result;
}
