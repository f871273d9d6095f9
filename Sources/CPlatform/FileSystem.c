#include "CPlatform.h"

#include <sys/vfs.h>

int cplatform_file_system_type(const char *path, unsigned long *type) {
    struct statfs status;
    if (statfs(path, &status) != 0) return -1;
    *type = (unsigned long)status.f_type;
    return 0;
}
