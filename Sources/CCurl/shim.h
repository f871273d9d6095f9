#pragma once
// Types and constants, and callers for the variadic functions, which Swift cannot call. The functions themselves
// are looked up at run time and handed in by address (HTTPTransport/Curl.swift).
#include <curl/curl.h>

// These macros check argument types for C and hide the functions from Swift.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

typedef CURLcode (*shim_easy_setopt)(CURL *, CURLoption, ...);
typedef CURLcode (*shim_easy_getinfo)(CURL *, CURLINFO, ...);
typedef CURLMcode (*shim_multi_setopt)(CURLM *, CURLMoption, ...);

static inline CURLcode shim_set_long(void *function, CURL *handle, CURLoption option, long value) {
    return ((shim_easy_setopt)function)(handle, option, value);
}

static inline CURLcode shim_set_offset(void *function, CURL *handle, CURLoption option, curl_off_t value) {
    return ((shim_easy_setopt)function)(handle, option, value);
}

static inline CURLcode shim_set_pointer(void *function, CURL *handle, CURLoption option, const void *value) {
    return ((shim_easy_setopt)function)(handle, option, value);
}

static inline CURLcode shim_set_callback(void *function, CURL *handle, CURLoption option,
                                         curl_write_callback callback) {
    return ((shim_easy_setopt)function)(handle, option, callback);
}

static inline CURLcode shim_get_long(void *function, CURL *handle, CURLINFO info, long *value) {
    return ((shim_easy_getinfo)function)(handle, info, value);
}

static inline CURLMcode shim_multi_set_long(void *function, CURLM *multi, CURLMoption option, long value) {
    return ((shim_multi_setopt)function)(multi, option, value);
}

static inline CURLcode shim_message_result(const CURLMsg *message) { return message->data.result; }
