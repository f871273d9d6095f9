#pragma once
// The functions of libcrypto that Cryptography calls, as a table that is filled at run time. The compiler checks each
// entry against OpenSSL's headers.
#include <dlfcn.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#define OPENSSL_FUNCTIONS(ENTRY) \
    ENTRY(EVP_Digest) \
    ENTRY(EVP_sha256) \
    ENTRY(HMAC) \
    ENTRY(RAND_bytes) \
    ENTRY(CRYPTO_memcmp) \
    ENTRY(EVP_aes_256_gcm) \
    ENTRY(EVP_CIPHER_CTX_new) \
    ENTRY(EVP_CIPHER_CTX_free) \
    ENTRY(EVP_CIPHER_CTX_ctrl) \
    ENTRY(EVP_CipherInit_ex) \
    ENTRY(EVP_CipherUpdate) \
    ENTRY(EVP_CipherFinal_ex)

// The table is constant after it is filled, and each function may be called by any thread.
struct __attribute__((swift_attr("@Sendable"))) openssl_functions {
#define MEMBER(name) __typeof__(&name) _Nonnull name;
    OPENSSL_FUNCTIONS(MEMBER)
#undef MEMBER
};

// Loads a library and fills the table. Returns NULL, or the reason why the table cannot be used.
static inline const char *_Nullable openssl_functions_load(struct openssl_functions *_Nonnull functions,
                                                           const char *_Nonnull library) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return dlerror();
#define LOAD(name) \
    if (!(functions->name = (__typeof__(&name))dlsym(handle, #name))) return dlerror();
    OPENSSL_FUNCTIONS(LOAD)
#undef LOAD
    return NULL;
}
