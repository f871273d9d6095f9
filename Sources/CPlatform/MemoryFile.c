#define _GNU_SOURCE
#include "CPlatform.h"

#include <sys/mman.h>

int cplatform_memory_file(void) { return memfd_create("input", MFD_CLOEXEC); }
