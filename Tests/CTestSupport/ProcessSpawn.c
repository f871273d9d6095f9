#define _GNU_SOURCE
#include "CTestSupport.h"

#include <spawn.h>

int ctestsupport_add_close_from(void *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
