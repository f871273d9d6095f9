#pragma once

#include <stddef.h>

/// Makes the process not dumpable: no core file, and no access to its memory and environment for other processes of
/// its user. Returns 0, or -1 with errno.
int cplatform_prevent_dump(void);

/// Ends the process with exit code 0 when SIGXCPU arrives or the time is over. Before that it writes the message to
/// standard error, and the response to standard output unless `cplatform_claim_output` was called.
///
/// The bytes are copied. Returns 0, or -1 with errno.
int cplatform_end_at_limit(const void *response, size_t response_length, const void *message, size_t message_length,
                           unsigned milliseconds);

/// Reserves standard output for the caller. Does not return once the limit has written its response.
void cplatform_claim_output(void);

/// Reads the magic number of the file system that contains the path: Swift's module of glibc lacks `statfs`. Returns 0, or
/// -1 with errno.
int cplatform_file_system_type(const char *path, unsigned long *type);

/// Creates an empty file that only this process and its children can read. Swift's module of glibc lacks `memfd_create`.
/// Returns its descriptor, or -1 with errno.
int cplatform_memory_file(void);
