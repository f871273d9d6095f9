#pragma once

/// Closes the descriptors from a number on in the spawned process. glibc declares the function for GNU sources only.
///
/// `actions` is a `posix_spawn_file_actions_t`. Returns 0 or an error number.
int ctestsupport_add_close_from(void *actions, int first);
