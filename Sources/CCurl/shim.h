#pragma once
// The functions of libcurl that HTTPTransport calls, as a table that is filled at run time. The compiler checks each
// entry against libcurl's header.
#include <curl/curl.h>
#include <dlfcn.h>

// Each entry is the name of a libcurl function without its prefix `curl_`.
#define CURL_FUNCTIONS(ENTRY) \
    ENTRY(global_init) \
    ENTRY(easy_init) \
    ENTRY(easy_cleanup) \
    ENTRY(easy_setopt) \
    ENTRY(easy_getinfo) \
    ENTRY(easy_strerror) \
    ENTRY(slist_append) \
    ENTRY(slist_free_all) \
    ENTRY(multi_init) \
    ENTRY(multi_cleanup) \
    ENTRY(multi_setopt) \
    ENTRY(multi_add_handle) \
    ENTRY(multi_remove_handle) \
    ENTRY(multi_perform) \
    ENTRY(multi_poll) \
    ENTRY(multi_wakeup) \
    ENTRY(multi_info_read)

// The table is constant after it is filled, and each function may be called by any thread.
struct __attribute__((swift_attr("@Sendable"))) curl_functions {
#define MEMBER(name) __typeof__(&curl_##name) _Nonnull name;
    CURL_FUNCTIONS(MEMBER)
#undef MEMBER
};

// Loads a library and fills the table. Returns NULL, or the reason why the table cannot be used.
static inline const char *_Nullable curl_functions_load(struct curl_functions *_Nonnull functions,
                                                        const char *_Nonnull library) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return dlerror();
#define LOAD(name) \
    if (!(functions->name = (__typeof__(&curl_##name))dlsym(handle, "curl_" #name))) return dlerror();
    CURL_FUNCTIONS(LOAD)
#undef LOAD
    return NULL;
}

// Swift cannot call variadic functions. Each wrapper fixes the type of the argument that the option determines.

static inline CURLcode curl_functions_set_long(struct curl_functions functions, CURL *handle, CURLoption option,
                                               long value) {
    return functions.easy_setopt(handle, option, value);
}

static inline CURLcode curl_functions_set_offset(struct curl_functions functions, CURL *handle, CURLoption option,
                                                 curl_off_t value) {
    return functions.easy_setopt(handle, option, value);
}

static inline CURLcode curl_functions_set_pointer(struct curl_functions functions, CURL *handle, CURLoption option,
                                                  const void *value) {
    return functions.easy_setopt(handle, option, value);
}

static inline CURLcode curl_functions_set_callback(struct curl_functions functions, CURL *handle, CURLoption option,
                                                   curl_write_callback callback) {
    return functions.easy_setopt(handle, option, callback);
}

static inline CURLcode curl_functions_get_long(struct curl_functions functions, CURL *handle, CURLINFO info,
                                               long *value) {
    return functions.easy_getinfo(handle, info, value);
}

static inline CURLMcode curl_functions_multi_set_long(struct curl_functions functions, CURLM *multi, CURLMoption option,
                                                      long value) {
    return functions.multi_setopt(multi, option, value);
}

// The result is a member of a union, which Swift reads without its type.
static inline CURLcode curl_message_result(const CURLMsg *message) { return message->data.result; }
