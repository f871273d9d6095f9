#pragma once
// The functions of libxml2 that AWS calls, as a table that is filled at run time. The compiler checks each entry
// against libxml2's header.
#include <dlfcn.h>
#include <libxml/parser.h>

// Each entry is the name of a libxml2 function without its prefix `xml`.
#define XML_FUNCTIONS(ENTRY) \
    ENTRY(InitParser) \
    ENTRY(CreatePushParserCtxt) \
    ENTRY(CtxtUseOptions) \
    ENTRY(ParseChunk) \
    ENTRY(StopParser) \
    ENTRY(FreeParserCtxt)

// The table is constant after it is filled, and each function may be called by any thread.
struct __attribute__((swift_attr("@Sendable"))) xml_functions {
#define MEMBER(name) __typeof__(&xml##name) _Nonnull name;
    XML_FUNCTIONS(MEMBER)
#undef MEMBER
};

// Loads a library and fills the table. Returns NULL, or the reason why the table cannot be used.
static inline const char *_Nullable xml_functions_load(struct xml_functions *_Nonnull functions,
                                                       const char *_Nonnull library) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return dlerror();
#define LOAD(name) \
    if (!(functions->name = (__typeof__(&xml##name))dlsym(handle, "xml" #name))) return dlerror();
    XML_FUNCTIONS(LOAD)
#undef LOAD
    return NULL;
}
