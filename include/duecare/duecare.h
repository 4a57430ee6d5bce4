/** duecare.h: the contract of the duecare library, for C99 and later and for C++11 and later.
 *
 *  duecare replays case histories against a policy of duties and says which obligations were met, late,
 *  missed, pending, excused, lapsed, or cannot be assessed, each with its evidence. It is a pure function of
 *  what it is given: no clock, no locale, no environment, no files but those named in a call, no network, no
 *  state between calls.
 *
 *  The way through: duecare_policy_compile -> duecare_caseload_new, _begin, _push, _finish ->
 *  duecare_audit_run -> duecare_finding_new, duecare_finding_at, duecare_finding_get_... -> free everything,
 *  in any order.
 *
 *  CONTENTS. A section begins with a line such as "---- Policy: ..."; search for "---- Policy:" to go there.
 *  The sections of duecare.hpp stand in the same order.
 *
 *  Status       what every call that can fail returns
 *  Library      its version, and what this build of it can do
 *  Text         a buffer of the caller's that functions write into
 *  Error        what was wrong, where, and what was expected
 *  Diagnostics  what there is to say about a policy
 *  Context      memory and log of the host's, for the objects made with it
 *  Zones        the time zone data that policies are read in
 *  Compiler     what a policy is compiled with
 *  Policy       compiled, immutable
 *  Builtin      policies that come with the library
 *  Instants     from text and to text
 *  Caseload     case histories and staff
 *  Document     a case history or a staff register put together field by field, without JSON
 *  Tables       Arrow tables in
 *  Token        asks a running audit to stop
 *  Audit        a policy and a caseload in, a result out
 *  Result       the findings of an audit; immutable
 *  Tables out   a result as Arrow streams
 *  Finding      a reader that stands at one finding of a result
 *  Explanation  how the obligations of one duty in one case came to their verdicts
 *  Monitor      the audit as it happens
 *  Changes      what became of obligations; immutable
 *  Ticket       the draw that anybody can derive again
 *  Frame        everything that can be drawn
 *  Sample       what a plan and a seed draw from a frame
 *  Estimate     the methods of drawing and estimating by name
 *  Store        runs and the work on them, in one file that shows whether it was changed
 *
 *  RULES THAT HOLD THROUGHOUT. A function's own comment says only what differs.
 *
 *  Ownership  A pointer written to `out_x` belongs to the caller, who frees it with duecare_<noun>_free. A
 *             returned `const` pointer is borrowed; it is valid until its object is freed or changed. Nothing
 *             is ever given to free(). `_free(NULL)` does nothing. Objects keep what they need alive: any
 *             order of freeing works, and a policy or caseload may be freed while a result is still read.
 *  Errors     Fallible functions return a duecare_status; DUECARE_STATUS_OK is 0. The last parameter,
 *             `duecare_error **error`, may be NULL; on failure it receives an error that the caller frees, on
 *             success NULL. All outputs are cleared on entry. On failure there is nothing to free but the
 *             error, and the objects passed are unchanged unless the function says otherwise. Every fallible
 *             function may return INVALID_ARGUMENT, OUT_OF_MEMORY (its error needs no memory) and INTERNAL.
 *  Accessors  (_get_, _count_) cannot fail. Given NULL, an object of another type or an index past the end,
 *             they return NULL, 0 or DUECARE_INSTANT_NONE, and length 0.
 *  Strings    In: pointer and length in bytes, UTF-8, no terminator needed; NULL only with length 0.
 *             Out: borrowed, UTF-8, NUL-terminated; `out_length` (may be NULL) receives the bytes before the
 *             NUL. NULL where the field is null. Text that has to be made first is written into a
 *             duecare_text that the caller owns and may reuse.
 *  Instants   int64_t microseconds since 1970-01-01T00:00:00Z, proleptic Gregorian, years 0001 to 9999
 *             (others are INVALID_ARGUMENT). Leap seconds are read as the following second.
 *             DUECARE_INSTANT_NONE stands for null.
 *  Options    Structures start with `struct_size` (sizeof, set by the _INIT macro or the _init function) and
 *             `flags`. Zero is the default of every field. INVALID_ARGUMENT: unknown flags, a size smaller
 *             than that of 0.1, anything but zero past what this library knows, and a value without the flag
 *             that announces it.
 *  Threads    One object passed as `const T *` may be used by any number of threads at once; passed as `T *`
 *             it is used exclusively. Different objects never interfere. Exception: duecare_token_cancel.
 *  Blocking   No function waits for anything but its own work; duecare_caseload_read_file reads a file, and
 *             those of a store read and write one and may wait for other writers.
 *  Callbacks  Are called on the thread of the call they were given to, and only during it. They must not
 *             throw or longjmp, and must not change the objects of that call.
 *  Calls      Functions and callbacks have the calling convention of C; on 64-bit Windows there is no other.
 *             32-bit Windows is not supported.
 *  Lifecycle  All functions are since 0.1 and *unstable*: until 1.0 they may change, and the SONAME with
 *             them. From 1.0 on a stable name is never changed or removed; capi/symbols.txt has the states.
 *  Values     Constants are explicit and append-only. Be ready for values of later versions.
 */
#ifndef DUECARE_DUECARE_H
#define DUECARE_DUECARE_H

#include <stddef.h>
#include <stdint.h>

/* The version of this header; compare with duecare_version_number() of the library that was loaded. */
#define DUECARE_VERSION_MAJOR 0
#define DUECARE_VERSION_MINOR 1
#define DUECARE_VERSION_PATCH 0
#define DUECARE_VERSION_STRING "0.1.0"
#define DUECARE_VERSION_NUMBER 100 /* MAJOR * 10000 + MINOR * 100 + PATCH */
#define DUECARE_ABI_VERSION 0      /* the number in the SONAME; 0: not yet stable */

/* DUECARE_STATIC: define it when linking the static library. */
#if defined(DUECARE_STATIC)
#define DUECARE_API
#elif defined(_WIN32) && defined(DUECARE_BUILDING)
#define DUECARE_API __declspec(dllexport)
#elif defined(_WIN32)
#define DUECARE_API __declspec(dllimport)
#elif defined(__GNUC__)
#define DUECARE_API __attribute__((visibility("default")))
#else
#define DUECARE_API
#endif

/* A status that nobody looks at is a mistake. */
#if defined(__GNUC__)
#define DUECARE_CHECKED DUECARE_API __attribute__((warn_unused_result))
#else
#define DUECARE_CHECKED DUECARE_API
#endif

#if defined(__cplusplus)
#define DUECARE_NOEXCEPT noexcept
extern "C" {
#else
#define DUECARE_NOEXCEPT
#endif

/* ---- Status: what every call that can fail returns -------------------------------------------------- */

typedef int32_t duecare_status;
#define DUECARE_STATUS_OK 0
#define DUECARE_STATUS_INVALID_ARGUMENT 10 /* a value that was passed is not acceptable */
#define DUECARE_STATUS_INVALID_STATE 11    /* the call does not fit what was called before */
#define DUECARE_STATUS_NOT_FOUND 12        /* no such case, duty, policy or zone */
#define DUECARE_STATUS_POLICY 20           /* the policy does not compile; the error has its diagnostics */
#define DUECARE_STATUS_DATA 30             /* a record was rejected under DUECARE_CASELOAD_STRICT */
#define DUECARE_STATUS_LIMIT 31            /* a limit that the caller set was exceeded */
#define DUECARE_STATUS_IO 40               /* a file could not be read or written */
#define DUECARE_STATUS_BUSY 41      /* somebody else was writing for longer than the caller would wait */
#define DUECARE_STATUS_CANCELLED 50 /* a callback or a token asked to stop */
#define DUECARE_STATUS_OUT_OF_MEMORY 60
#define DUECARE_STATUS_UNSUPPORTED 70 /* this build or this version cannot do that */
#define DUECARE_STATUS_INTERNAL 90    /* a defect of this library */

/** The name of a status ("INVALID_ARGUMENT"), "UNKNOWN" for one this library does not know. Never NULL. */
DUECARE_API const char* duecare_status_get_name(duecare_status status) DUECARE_NOEXCEPT;

/* ---- Library: its version, and what this build of it can do ----------------------------------------- */

/** "0.1.0". Never NULL, valid for ever. */
DUECARE_API const char* duecare_version(void) DUECARE_NOEXCEPT;
/** As DUECARE_VERSION_NUMBER, of the library that was loaded. */
DUECARE_API uint32_t duecare_version_number(void) DUECARE_NOEXCEPT;
/** As DUECARE_ABI_VERSION, of the library that was loaded. */
DUECARE_API uint32_t duecare_abi_version(void) DUECARE_NOEXCEPT;
/** 1 if this library can do what `name` says, else 0. Names are those of the formats ("duecare.policy/1",
 *  "duecare.case/1", "duecare.staff/1") and of what a build may leave out ("gzip", "zstd"). */
DUECARE_API int32_t duecare_feature_supported(const char* name, size_t length) DUECARE_NOEXCEPT;
/** One line on how the library was built: version, compiler, build type. No paths. Never NULL. */
DUECARE_API const char* duecare_build_info(void) DUECARE_NOEXCEPT;

typedef struct duecare_error duecare_error;

/* ---- Text: a buffer of the caller's that functions write into --------------------------------------- */

/* What a function writes replaces the content; after a failure it is "". */

typedef struct duecare_text duecare_text;

/** An empty text. */
DUECARE_CHECKED duecare_status duecare_text_new(duecare_text** out_text,
                                                duecare_error** error) DUECARE_NOEXCEPT;
/** The content; "" when nothing was written. Valid until the next call that writes into `text`. */
DUECARE_API const char* duecare_text_get(const duecare_text* text, size_t* out_length) DUECARE_NOEXCEPT;
/** Replaces the content. Any bytes are accepted here; whoever reads them checks them. */
DUECARE_CHECKED duecare_status duecare_text_set(duecare_text* text, const char* bytes, size_t length,
                                                duecare_error** error) DUECARE_NOEXCEPT;
/** Frees the text. */
DUECARE_API void duecare_text_free(duecare_text* text) DUECARE_NOEXCEPT;

/* ---- Error: what was wrong, where, and what was expected -------------------------------------------- */

typedef struct duecare_diagnostics duecare_diagnostics;

/** DUECARE_STATUS_..., the same that the function returned. */
DUECARE_API duecare_status duecare_error_get_status(const duecare_error* error) DUECARE_NOEXCEPT;
/** One sentence for people: what was wrong, what was expected, what to do. */
DUECARE_API const char* duecare_error_get_message(const duecare_error* error,
                                                  size_t* out_length) DUECARE_NOEXCEPT;
/** JSON pointer (RFC 6901) into the document at fault; "" when there is none, or for the whole document. */
DUECARE_API const char* duecare_error_get_pointer(const duecare_error* error,
                                                  size_t* out_length) DUECARE_NOEXCEPT;
/** The document at fault: a file name or the id of a policy; "" when there is none. */
DUECARE_API const char* duecare_error_get_source(const duecare_error* error,
                                                 size_t* out_length) DUECARE_NOEXCEPT;
/** 1-based line in the source; 0 when unknown. */
DUECARE_API uint64_t duecare_error_get_line(const duecare_error* error) DUECARE_NOEXCEPT;
/** Everything about it for a terminal or a log: place, message and diagnostics, on as many lines as that
 *  takes. */
DUECARE_API const char* duecare_error_get_text(const duecare_error* error,
                                               size_t* out_length) DUECARE_NOEXCEPT;
/** What the callback that stopped the call had returned, 0 when none did. */
DUECARE_API int32_t duecare_error_get_callback_code(const duecare_error* error) DUECARE_NOEXCEPT;
/** All diagnostics of a policy that did not compile (status POLICY), else NULL. Borrowed from the error. */
DUECARE_API const duecare_diagnostics* duecare_error_get_diagnostics(const duecare_error* error)
    DUECARE_NOEXCEPT;
/** Frees the error. */
DUECARE_API void duecare_error_free(duecare_error* error) DUECARE_NOEXCEPT;

/* ---- Diagnostics: what there is to say about a policy ----------------------------------------------- */

typedef int32_t duecare_severity;
#define DUECARE_SEVERITY_ERROR 1   /* the policy does not compile */
#define DUECARE_SEVERITY_WARNING 2 /* it compiles, and this should be looked at */

/** How many there are, errors and warnings together. */
DUECARE_API uint64_t duecare_diagnostics_count(const duecare_diagnostics* diagnostics) DUECARE_NOEXCEPT;
/** DUECARE_SEVERITY_...; 0 for an index past the end. */
DUECARE_API duecare_severity duecare_diagnostics_get_severity(const duecare_diagnostics* diagnostics,
                                                              uint64_t index) DUECARE_NOEXCEPT;
/** The layer that the text stands in: its id, or the name it was given. */
DUECARE_API const char* duecare_diagnostics_get_policy(const duecare_diagnostics* diagnostics, uint64_t index,
                                                       size_t* out_length) DUECARE_NOEXCEPT;
/** JSON pointer into the document of that layer. */
DUECARE_API const char* duecare_diagnostics_get_pointer(const duecare_diagnostics* diagnostics,
                                                        uint64_t index, size_t* out_length) DUECARE_NOEXCEPT;
/** 1-based line in the document of that layer; 0 when unknown. */
DUECARE_API uint64_t duecare_diagnostics_get_line(const duecare_diagnostics* diagnostics,
                                                  uint64_t index) DUECARE_NOEXCEPT;
/** What was wrong, what was expected, a near name. */
DUECARE_API const char* duecare_diagnostics_get_message(const duecare_diagnostics* diagnostics,
                                                        uint64_t index, size_t* out_length) DUECARE_NOEXCEPT;
/** The expression or duration at fault; "" when it is neither. */
DUECARE_API const char* duecare_diagnostics_get_expression(const duecare_diagnostics* diagnostics,
                                                           uint64_t index,
                                                           size_t* out_length) DUECARE_NOEXCEPT;
/** 0-based byte offset of the fault in the expression. */
DUECARE_API uint32_t duecare_diagnostics_get_column(const duecare_diagnostics* diagnostics,
                                                    uint64_t index) DUECARE_NOEXCEPT;
/** All of it on several lines: place and message, then the expression with a caret under the character. */
DUECARE_API const char* duecare_diagnostics_get_text(const duecare_diagnostics* diagnostics, uint64_t index,
                                                     size_t* out_length) DUECARE_NOEXCEPT;

/* ---- Context: memory and log of the host's, for the objects made with it ----------------------------- */

/* An object that is made with a context takes its memory from there, together with all that is made of it: of
 * a compiler the policies, of a policy the monitors and the results, of a result its findings, explanations
 * and streams, of a frame the samples. The working memory of a call counts too; it is that of the first of
 * its objects that has a context. Errors, and the objects themselves of nouns that take a context later
 * (_set_context), are the process's. So is what SQLite, zlib and Zstandard take.
 *
 * One context may serve any number of objects and threads at once, and lives as long as one of them. For a
 * budget of each object, give each its own. */

typedef struct duecare_context duecare_context;

/** Called once when the object that holds `user_data` no longer needs it. */
typedef void (*duecare_destroy_fn)(void* user_data);

/** @return Memory of `size` bytes at a multiple of `alignment` (a power of two, 16 or more), or NULL: the
 * call then ends with OUT_OF_MEMORY. Called from any thread that works for a call. */
typedef void* (*duecare_allocate_fn)(size_t size, size_t alignment, void* user_data);
/** Takes back what duecare_allocate_fn gave for the same `size` and `alignment`. From any thread that frees.
 */
typedef void (*duecare_release_fn)(void* memory, size_t size, size_t alignment, void* user_data);
/** Told what was done, on the thread of the call, at its end. `json` is one object on one line, without line
 * end, such as {"event":"audit.finished","policy":"example","cases":60,"findings":14}. It has names of events
 * and statuses, counts, and ids of policies; never an id of a case or a person, never a text of a record. It
 * may not call functions with objects of that call. */
typedef void (*duecare_log_fn)(int32_t level, const char* json, size_t length, void* user_data);

#define DUECARE_LOG_INFO 1    /* something was read, compiled, audited, drawn or stored */
#define DUECARE_LOG_WARNING 2 /* documents were rejected, a policy has warnings, or a call was refused */
#define DUECARE_LOG_ERROR 3   /* LIMIT, IO, OUT_OF_MEMORY or INTERNAL */

typedef struct duecare_context_options {
    uint32_t struct_size;         /* sizeof(duecare_context_options) */
    uint32_t flags;               /* 0 */
    uint64_t max_bytes;           /* of all blocks at a time; beyond it calls end with LIMIT. 0: no bound */
    duecare_allocate_fn allocate; /* NULL: the process's operator new */
    duecare_release_fn release;   /* goes with `allocate` */
    duecare_log_fn log;           /* may be NULL */
    void* user_data;              /* for the three above */
    duecare_destroy_fn destroy;   /* may be NULL; called with `user_data` when the last object has gone */
    int32_t log_level;            /* the least that is told; 0: all */
    uint32_t reserved;            /* 0 */
} duecare_context_options;
#define DUECARE_CONTEXT_OPTIONS_INIT \
    { sizeof(duecare_context_options), 0, 0, NULL, NULL, NULL, NULL, NULL, 0, 0 }
#define DUECARE_CONTEXT_OPTIONS_SIZE_0_1 64 /* where pointers have 64 bits */

/** Writes the defaults, for callers that cannot use the macro. `size` is sizeof of the caller's structure. */
DUECARE_CHECKED duecare_status duecare_context_options_init(duecare_context_options* options,
                                                            size_t size) DUECARE_NOEXCEPT;
/** @param[in] options  May be NULL: memory of the process, which is counted, and no log.
 *  @return OK | INVALID_ARGUMENT, also for one of allocate and release without the other | UNSUPPORTED where
 *          duecare_feature_supported("memory") is 0 and memory is asked for. `destroy` is not called then. */
DUECARE_CHECKED duecare_status duecare_context_new(const duecare_context_options* options,
                                                   duecare_context** out_context,
                                                   duecare_error** error) DUECARE_NOEXCEPT;
/** Bytes of all blocks that are there, 16 of each being the library's own. 0 without the feature "memory". */
DUECARE_API uint64_t duecare_context_get_used(const duecare_context* context) DUECARE_NOEXCEPT;
/** The most that duecare_context_get_used ever was. */
DUECARE_API uint64_t duecare_context_get_peak(const duecare_context* context) DUECARE_NOEXCEPT;
/** Gives the context up; the objects made with it keep it. */
DUECARE_API void duecare_context_free(duecare_context* context) DUECARE_NOEXCEPT;

/* ---- Zones: the time zone data that policies are read in -------------------------------------------- */

typedef struct duecare_zones duecare_zones;

/** Reads zone data newer than that built in, in the bundle form of this library (src/time/pack_zones.py
 *  writes it).
 *  @return OK | DATA when the bytes are no such bundle. */
DUECARE_CHECKED duecare_status duecare_zones_import(const void* bytes, size_t length,
                                                    duecare_zones** out_zones,
                                                    duecare_error** error) DUECARE_NOEXCEPT;
/** The release of the IANA data ("2026b"); NULL asks for that of the data built in. */
DUECARE_API const char* duecare_zones_get_version(const duecare_zones* zones,
                                                  size_t* out_length) DUECARE_NOEXCEPT;
/** Frees the zones; policies compiled with them keep what they need. */
DUECARE_API void duecare_zones_free(duecare_zones* zones) DUECARE_NOEXCEPT;

/* ---- Compiler: what a policy is compiled with ------------------------------------------------------- */

typedef struct duecare_compiler duecare_compiler;
typedef struct duecare_policy duecare_policy;

/** Finds the document of a policy that another one `extends` and that was not handed over.
 *  Write its JSON into `json` and, if it has one, its file name into `name` (duecare_text_set).
 *  @return OK; NOT_FOUND when there is none, which becomes a diagnostic; anything else stops the compilation,
 *          is returned by it where it is one of the statuses above (else CANCELLED), and can be read with
 *          duecare_error_get_callback_code. */
typedef int32_t (*duecare_resolver_fn)(const char* policy_id, size_t length, duecare_text* name,
                                       duecare_text* json, void* user_data);
/** A compiler with the embedded zones and no layers. */
DUECARE_CHECKED duecare_status duecare_compiler_new(duecare_compiler** out_compiler,
                                                    duecare_error** error) DUECARE_NOEXCEPT;
/** Memory and log of the policies compiled from now on.
 *  @param[in] context  NULL: the process's memory, and no log. */
DUECARE_CHECKED duecare_status duecare_compiler_set_context(duecare_compiler* compiler,
                                                            duecare_context* context,
                                                            duecare_error** error) DUECARE_NOEXCEPT;
/** Time zones for the policies compiled from now on; NULL: those built in. The compiler keeps them alive. */
DUECARE_CHECKED duecare_status duecare_compiler_set_zones(duecare_compiler* compiler,
                                                          const duecare_zones* zones,
                                                          duecare_error** error) DUECARE_NOEXCEPT;
/** Hands over a layer that may be extended by its `id`. Copied. `name` is shown in diagnostics. */
DUECARE_CHECKED duecare_status duecare_compiler_add_layer(duecare_compiler* compiler, const char* name,
                                                          size_t name_length, const char* json,
                                                          size_t json_length,
                                                          duecare_error** error) DUECARE_NOEXCEPT;
/** Sets who is asked for layers that were not handed over; NULL: nobody.
 *  @param[in] destroy  May be NULL. Called with `user_data` when another resolver is set or the compiler is
 *          freed; also when this call fails. */
DUECARE_CHECKED duecare_status duecare_compiler_set_resolver(duecare_compiler* compiler,
                                                             duecare_resolver_fn resolver, void* user_data,
                                                             duecare_destroy_fn destroy,
                                                             duecare_error** error) DUECARE_NOEXCEPT;
/** Compiles the policy `json` with the layers it extends. The compiler can be used again, whatever the
 *  outcome.
 *  @param[in] name  Shown in diagnostics, usually the file name; may be empty.
 *  @return OK | POLICY with the diagnostics in the error | what the resolver returned. */
DUECARE_CHECKED duecare_status duecare_compiler_compile(duecare_compiler* compiler, const char* name,
                                                        size_t name_length, const char* json,
                                                        size_t json_length, duecare_policy** out_policy,
                                                        duecare_error** error) DUECARE_NOEXCEPT;
/** Frees the compiler; policies that it made are not touched. */
DUECARE_API void duecare_compiler_free(duecare_compiler* compiler) DUECARE_NOEXCEPT;

/* ---- Policy: compiled, immutable -------------------------------------------------------------------- */

/** Compiles a policy that stands alone, with the zones built in: duecare_compiler_compile in one call. */
DUECARE_CHECKED duecare_status duecare_policy_compile(const char* name, size_t name_length, const char* json,
                                                      size_t json_length, duecare_policy** out_policy,
                                                      duecare_error** error) DUECARE_NOEXCEPT;
/** The `id` of the policy, after its layers. */
DUECARE_API const char* duecare_policy_get_id(const duecare_policy* policy,
                                              size_t* out_length) DUECARE_NOEXCEPT;
/** The `version` of the policy. */
DUECARE_API const char* duecare_policy_get_version(const duecare_policy* policy,
                                                   size_t* out_length) DUECARE_NOEXCEPT;
/** The `title` of the policy. */
DUECARE_API const char* duecare_policy_get_title(const duecare_policy* policy,
                                                 size_t* out_length) DUECARE_NOEXCEPT;
/** IANA name, "Europe/London". */
DUECARE_API const char* duecare_policy_get_time_zone(const duecare_policy* policy,
                                                     size_t* out_length) DUECARE_NOEXCEPT;
/** The whole policy after its layers, as JSON. */
DUECARE_API const char* duecare_policy_get_json(const duecare_policy* policy,
                                                size_t* out_length) DUECARE_NOEXCEPT;
/** SHA-256 of that JSON, 64 lower-case hex digits: the identity of what was audited against. */
DUECARE_API const char* duecare_policy_get_digest(const duecare_policy* policy,
                                                  size_t* out_length) DUECARE_NOEXCEPT;
/** The warnings of its compilation, possibly none. Borrowed from the policy. */
DUECARE_API const duecare_diagnostics* duecare_policy_get_diagnostics(const duecare_policy* policy)
    DUECARE_NOEXCEPT;

/** Duties by index, in the order of the policy. */
DUECARE_API uint64_t duecare_policy_count_duties(const duecare_policy* policy) DUECARE_NOEXCEPT;
/** Unique in the policy. */
DUECARE_API const char* duecare_policy_get_duty_id(const duecare_policy* policy, uint64_t duty,
                                                   size_t* out_length) DUECARE_NOEXCEPT;
/** The `title` of the duty. */
DUECARE_API const char* duecare_policy_get_duty_title(const duecare_policy* policy, uint64_t duty,
                                                      size_t* out_length) DUECARE_NOEXCEPT;
/** The `area` of the duty. */
DUECARE_API const char* duecare_policy_get_duty_area(const duecare_policy* policy, uint64_t duty,
                                                     size_t* out_length) DUECARE_NOEXCEPT;
/** "critical", "high", "medium" or "low". */
DUECARE_API const char* duecare_policy_get_duty_severity(const duecare_policy* policy, uint64_t duty,
                                                         size_t* out_length) DUECARE_NOEXCEPT;
/** The authority of the duty: title, section, address, and what kind of source it is ("statute", ...). */
DUECARE_API const char* duecare_policy_get_duty_source_title(const duecare_policy* policy, uint64_t duty,
                                                             size_t* out_length) DUECARE_NOEXCEPT;
/** The section of the source; "" when the policy gives none. */
DUECARE_API const char* duecare_policy_get_duty_source_section(const duecare_policy* policy, uint64_t duty,
                                                               size_t* out_length) DUECARE_NOEXCEPT;
/** The address of the source; "" when the policy gives none. */
DUECARE_API const char* duecare_policy_get_duty_source_url(const duecare_policy* policy, uint64_t duty,
                                                           size_t* out_length) DUECARE_NOEXCEPT;
/** What kind of source it is ("statute", ...). */
DUECARE_API const char* duecare_policy_get_duty_source_status(const duecare_policy* policy, uint64_t duty,
                                                              size_t* out_length) DUECARE_NOEXCEPT;
/** The sentence template of the duty; "" when the engine writes its own. */
DUECARE_API const char* duecare_policy_get_duty_explain(const duecare_policy* policy, uint64_t duty,
                                                        size_t* out_length) DUECARE_NOEXCEPT;

/** Frees the policy; results that it is used in are not touched. */
DUECARE_API void duecare_policy_free(duecare_policy* policy) DUECARE_NOEXCEPT;

/* ---- Builtin: policies that come with the library --------------------------------------------------- */

/* A policy may extend them by their id; to audit against one, compile its JSON. */

/** How many there are. */
DUECARE_API uint64_t duecare_builtin_count(void) DUECARE_NOEXCEPT;
/** Writes the id of a built-in policy, by index, in the order of the ids. @return OK | NOT_FOUND. */
DUECARE_CHECKED duecare_status duecare_builtin_export_id(uint64_t index, duecare_text* into,
                                                         duecare_error** error) DUECARE_NOEXCEPT;
/** Writes the JSON of the built-in policy of that id. @return OK | NOT_FOUND. */
DUECARE_CHECKED duecare_status duecare_builtin_export_json(const char* id, size_t length, duecare_text* into,
                                                           duecare_error** error) DUECARE_NOEXCEPT;

/** Writes the words that the built-in policies are written in (JSON, `duecare.vocabulary/1`): event types
 * with their attributes, roles, ranks, and the question that a records system must answer to map each. */
DUECARE_CHECKED duecare_status duecare_vocabulary_export_json(duecare_text* into,
                                                              duecare_error** error) DUECARE_NOEXCEPT;

/* ---- Instants: from text and to text ---------------------------------------------------------------- */

#define DUECARE_INSTANT_NONE INT64_MIN /* no instant: null; never a valid one */

/** What a date alone stands for. */
typedef int32_t duecare_day_edge;
#define DUECARE_DAY_START 1 /* the first microsecond of the local day */
#define DUECARE_DAY_END 2   /* the last microsecond of the local day */

/** Reads RFC 3339 text; without an offset it is local time in the policy's zone, and a date alone is the edge
 *  of its local day that `edge` names. @return OK | INVALID_ARGUMENT. */
DUECARE_CHECKED duecare_status duecare_policy_parse_instant(const duecare_policy* policy, const char* text,
                                                            size_t length, duecare_day_edge edge,
                                                            int64_t* out_instant,
                                                            duecare_error** error) DUECARE_NOEXCEPT;
/** Writes an instant as the policy's zone shows it, "2023-06-01T10:30:00+01:00"; in UTC with "Z" where the
 *  offset is no whole number of minutes. Six decimals only where the microseconds are not zero. */
DUECARE_CHECKED duecare_status duecare_policy_format_instant(const duecare_policy* policy, int64_t instant,
                                                             duecare_text* into,
                                                             duecare_error** error) DUECARE_NOEXCEPT;
/** Reads RFC 3339 text with an offset. @return OK | INVALID_ARGUMENT. */
DUECARE_CHECKED duecare_status duecare_instant_parse(const char* text, size_t length, int64_t* out_instant,
                                                     duecare_error** error) DUECARE_NOEXCEPT;
/** Writes "YYYY-MM-DDTHH:MM:SSZ", with six decimals only where the microseconds are not zero. */
DUECARE_CHECKED duecare_status duecare_instant_format(int64_t instant, duecare_text* into,
                                                      duecare_error** error) DUECARE_NOEXCEPT;

/* ---- Caseload: case histories and staff ------------------------------------------------------------- */

typedef struct duecare_caseload duecare_caseload;

/* The first reject is DUECARE_STATUS_DATA, and an unknown key is a reject. */
#define DUECARE_CASELOAD_STRICT UINT32_C(1)

typedef struct duecare_caseload_options {
    uint32_t struct_size;         /* sizeof(duecare_caseload_options) */
    uint32_t flags;               /* DUECARE_CASELOAD_... */
    uint64_t max_document_bytes;  /* 0: 64 MiB */
    uint64_t max_string_bytes;    /* 0: 1 MiB */
    uint32_t max_nesting;         /* 0: 32 */
    uint32_t max_events_per_case; /* 0: 1 000 000 */
    duecare_context* context;     /* whose memory and log; may be NULL */
} duecare_caseload_options;
#define DUECARE_CASELOAD_OPTIONS_INIT \
    { sizeof(duecare_caseload_options), 0, 0, 0, 0, 0, NULL }
#define DUECARE_CASELOAD_OPTIONS_SIZE_0_1 32

/** Writes the defaults, for callers that cannot use the macro. `size` is sizeof of the caller's structure. */
DUECARE_CHECKED duecare_status duecare_caseload_options_init(duecare_caseload_options* options,
                                                             size_t size) DUECARE_NOEXCEPT;
/** @param[in] options  May be NULL: the defaults. */
DUECARE_CHECKED duecare_status duecare_caseload_new(const duecare_caseload_options* options,
                                                    duecare_caseload** out_caseload,
                                                    duecare_error** error) DUECARE_NOEXCEPT;
/** Starts a source: JSON Lines, one JSON document or one JSON array of documents, plain or compressed with
 *  gzip or zstd; the first bytes tell which. `name` is shown in rejects. A source that is still open is
 *  finished first.
 *
 *  Documents that cannot be taken are rejects: counted, kept with their place and reason, and the rest goes
 *  on. A document is taken whole or not at all. Ids are checked across all sources of the caseload.
 *
 *  begin, push, finish and read_file: @return OK | INVALID_STATE while a result that refers to the caseload
 *  is alive, or after a failure below | DATA with DUECARE_CASELOAD_STRICT. After DATA, OUT_OF_MEMORY or
 *  INTERNAL what was read can be looked at, but nothing more can be added or audited. */
DUECARE_CHECKED duecare_status duecare_caseload_begin(duecare_caseload* caseload, const char* name,
                                                      size_t name_length,
                                                      duecare_error** error) DUECARE_NOEXCEPT;
/** Takes the next bytes of the source, in pieces of any size. INVALID_STATE when no source was begun. */
DUECARE_CHECKED duecare_status duecare_caseload_push(duecare_caseload* caseload, const void* bytes,
                                                     size_t length, duecare_error** error) DUECARE_NOEXCEPT;
/** Ends the source: a last line without line end is read now. OK when no source is open. */
DUECARE_CHECKED duecare_status duecare_caseload_finish(duecare_caseload* caseload,
                                                       duecare_error** error) DUECARE_NOEXCEPT;
/** begin(path), the whole file, finish.
 *  @param[in] path  UTF-8 on Windows, the bytes of the file system elsewhere; no NUL inside.
 *  @return also IO when it cannot be read; the caseload stays usable, with what was read before.  @blocks
 *          Yes. */
DUECARE_CHECKED duecare_status duecare_caseload_read_file(duecare_caseload* caseload, const char* path,
                                                          size_t path_length,
                                                          duecare_error** error) DUECARE_NOEXCEPT;

/** Cases taken so far. */
DUECARE_API uint64_t duecare_caseload_count_cases(const duecare_caseload* caseload) DUECARE_NOEXCEPT;
/** Staff documents taken so far. */
DUECARE_API uint64_t duecare_caseload_count_staff_documents(const duecare_caseload* caseload)
    DUECARE_NOEXCEPT;
/** Events of the cases taken so far. */
DUECARE_API uint64_t duecare_caseload_count_events(const duecare_caseload* caseload) DUECARE_NOEXCEPT;
/** Bytes taken in, as they came (compressed ones count as such). */
DUECARE_API uint64_t duecare_caseload_count_bytes(const duecare_caseload* caseload) DUECARE_NOEXCEPT;
/** Bytes of memory that the histories hold. */
DUECARE_API uint64_t duecare_caseload_get_memory(const duecare_caseload* caseload) DUECARE_NOEXCEPT;
/** Writes the id of a case, by index in caseload order. @return OK | NOT_FOUND. */
DUECARE_CHECKED duecare_status duecare_caseload_export_case_id(const duecare_caseload* caseload,
                                                               uint64_t index, duecare_text* into,
                                                               duecare_error** error) DUECARE_NOEXCEPT;
/** Writes a case, by index in caseload order, as one JSON object (duecare.case/1) without line end, with
 * every event that was taken, also those that others replace. Events without an id have their place as one
 * ("#3"); instants that had an offset are in UTC, others as they stood; recorded_at is there where it differs
 * from occurred_at. Keys that are not known were not kept. @return OK | NOT_FOUND. */
DUECARE_CHECKED duecare_status duecare_caseload_export_case_json(const duecare_caseload* caseload,
                                                                 uint64_t index, duecare_text* into,
                                                                 duecare_error** error) DUECARE_NOEXCEPT;

/** Writes the staff register, all documents together, as one `duecare.staff/1` object without line end. */
DUECARE_CHECKED duecare_status duecare_caseload_export_staff_json(const duecare_caseload* caseload,
                                                                  duecare_text* into,
                                                                  duecare_error** error) DUECARE_NOEXCEPT;

/** Rejects by index, in the order of the input. Strings are valid until the caseload is changed or freed. */
DUECARE_API uint64_t duecare_caseload_count_rejects(const duecare_caseload* caseload) DUECARE_NOEXCEPT;
/** The name of the source, as given to begin. */
DUECARE_API const char* duecare_caseload_get_reject_source(const duecare_caseload* caseload, uint64_t index,
                                                           size_t* out_length) DUECARE_NOEXCEPT;
/** 1-based line of the source. */
DUECARE_API uint64_t duecare_caseload_get_reject_line(const duecare_caseload* caseload,
                                                      uint64_t index) DUECARE_NOEXCEPT;
/** The id of the case as far as it was read; "" when it was not. */
DUECARE_API const char* duecare_caseload_get_reject_case_id(const duecare_caseload* caseload, uint64_t index,
                                                            size_t* out_length) DUECARE_NOEXCEPT;
/** JSON pointer into the document; "": the document itself. */
DUECARE_API const char* duecare_caseload_get_reject_pointer(const duecare_caseload* caseload, uint64_t index,
                                                            size_t* out_length) DUECARE_NOEXCEPT;
/** What was wrong and what was expected. */
DUECARE_API const char* duecare_caseload_get_reject_reason(const duecare_caseload* caseload, uint64_t index,
                                                           size_t* out_length) DUECARE_NOEXCEPT;

/** Keys that the format does not know, once each, ordered by the path of the key ("event.colour"). They are
 *  not read. Strings are valid until the caseload is changed or freed. */
DUECARE_API uint64_t duecare_caseload_count_unknown_keys(const duecare_caseload* caseload) DUECARE_NOEXCEPT;
/** The kind of object and the key ("event.colour"). */
DUECARE_API const char* duecare_caseload_get_unknown_key_path(const duecare_caseload* caseload,
                                                              uint64_t index,
                                                              size_t* out_length) DUECARE_NOEXCEPT;
/** How often the key came. */
DUECARE_API uint64_t duecare_caseload_get_unknown_key_count(const duecare_caseload* caseload,
                                                            uint64_t index) DUECARE_NOEXCEPT;
/** Where it came first: source, 1-based line, JSON pointer. */
DUECARE_API const char* duecare_caseload_get_unknown_key_source(const duecare_caseload* caseload,
                                                                uint64_t index,
                                                                size_t* out_length) DUECARE_NOEXCEPT;
/** The 1-based line where the key came first. */
DUECARE_API uint64_t duecare_caseload_get_unknown_key_line(const duecare_caseload* caseload,
                                                           uint64_t index) DUECARE_NOEXCEPT;
/** The JSON pointer to where the key came first. */
DUECARE_API const char* duecare_caseload_get_unknown_key_pointer(const duecare_caseload* caseload,
                                                                 uint64_t index,
                                                                 size_t* out_length) DUECARE_NOEXCEPT;
/** Frees the caseload; results that it is used in are not touched. */
DUECARE_API void duecare_caseload_free(duecare_caseload* caseload) DUECARE_NOEXCEPT;

/* ---- Document: a case history or a staff register put together field by field, without JSON --------- */

typedef struct duecare_document duecare_document;

/** How an instant is known. */
typedef int32_t duecare_precision;
#define DUECARE_PRECISION_EXACT 0 /* microseconds since 1970-01-01T00:00:00Z */
#define DUECARE_PRECISION_LOCAL \
    1                           /* microseconds since 1970-01-01T00:00:00 on the clock of the policy's zone */
#define DUECARE_PRECISION_DAY 2 /* as LOCAL, and only the day is known: the time of day is dropped */

#define DUECARE_DAY_NONE INT32_MAX /* no day: an entry of service that has not ended */

/* The way through: duecare_document_new -> _start_case (or _start_staff) -> _add_person, _add_event,
 * _set_..., in any order -> duecare_caseload_add_document -> _start_case of the next. What is set belongs to
 * the person, event or entry of service added last. Texts are copied.
 *
 * The rules are those of the JSON format and no others: what would be a reject there (an empty id, a subject
 * that is no person, a field set twice, bytes that are no UTF-8, a limit) is the same reject, with the same
 * pointer, when the document is added. All functions here: @return OK | INVALID_STATE for a call that no
 * document could express (a role without a person, an attribute object left open); the document is then as it
 * was before the call. */

/** A document in which nothing has been started. It may be used for any number of documents in turn. */
DUECARE_CHECKED duecare_status duecare_document_new(duecare_document** out_document,
                                                    duecare_error** error) DUECARE_NOEXCEPT;
/** Memory of what is put together from now on.
 *  @param[in] context  NULL: the process's memory, and no log. */
DUECARE_CHECKED duecare_status duecare_document_set_context(duecare_document* document,
                                                            duecare_context* context,
                                                            duecare_error** error) DUECARE_NOEXCEPT;
/** Starts a case history; what was there before is forgotten. */
DUECARE_CHECKED duecare_status duecare_document_start_case(duecare_document* document, const char* id,
                                                           size_t id_length,
                                                           duecare_error** error) DUECARE_NOEXCEPT;
/** Starts a staff register; what was there before is forgotten. */
DUECARE_CHECKED duecare_status duecare_document_start_staff(duecare_document* document,
                                                            duecare_error** error) DUECARE_NOEXCEPT;
/** The kind of the case; "investigation" when it is not set. */
DUECARE_CHECKED duecare_status duecare_document_set_kind(duecare_document* document, const char* kind,
                                                         size_t kind_length,
                                                         duecare_error** error) DUECARE_NOEXCEPT;
/** Adds a person to the case. */
DUECARE_CHECKED duecare_status duecare_document_add_person(duecare_document* document, const char* id,
                                                           size_t id_length,
                                                           duecare_error** error) DUECARE_NOEXCEPT;
/** Date of birth of the person; 0 for a day, or a month and a day, that is not known. */
DUECARE_CHECKED duecare_status duecare_document_set_born(duecare_document* document, int32_t year,
                                                         int32_t month, int32_t day,
                                                         duecare_error** error) DUECARE_NOEXCEPT;
/** Adds a role of the person. */
DUECARE_CHECKED duecare_status duecare_document_add_role(duecare_document* document, const char* role,
                                                         size_t role_length,
                                                         duecare_error** error) DUECARE_NOEXCEPT;
/** Adds an event to the case. */
DUECARE_CHECKED duecare_status duecare_document_add_event(duecare_document* document, const char* type,
                                                          size_t type_length, int64_t occurred,
                                                          duecare_precision precision,
                                                          duecare_error** error) DUECARE_NOEXCEPT;
/** The id of the event; "#1", "#2", ... by position when it is not set. */
DUECARE_CHECKED duecare_status duecare_document_set_event_id(duecare_document* document, const char* id,
                                                             size_t id_length,
                                                             duecare_error** error) DUECARE_NOEXCEPT;
/** When the record first said so; as `occurred` when it is not set. */
DUECARE_CHECKED duecare_status duecare_document_set_recorded(duecare_document* document, int64_t recorded,
                                                             duecare_precision precision,
                                                             duecare_error** error) DUECARE_NOEXCEPT;
/** Staff id of who did it. */
DUECARE_CHECKED duecare_status duecare_document_set_actor(duecare_document* document, const char* id,
                                                          size_t id_length,
                                                          duecare_error** error) DUECARE_NOEXCEPT;
/** Adds a person whom the event concerns; everybody when none is added. */
DUECARE_CHECKED duecare_status duecare_document_add_subject(duecare_document* document, const char* person,
                                                            size_t person_length,
                                                            duecare_error** error) DUECARE_NOEXCEPT;
/** Id of the event that this one corrects. */
DUECARE_CHECKED duecare_status duecare_document_set_replaces(duecare_document* document, const char* event,
                                                             size_t event_length,
                                                             duecare_error** error) DUECARE_NOEXCEPT;
/** 1: the event only removes the one that it replaces; 0: it does not. */
DUECARE_CHECKED duecare_status duecare_document_set_withdrawn(duecare_document* document, int32_t withdrawn,
                                                              duecare_error** error) DUECARE_NOEXCEPT;
/** Adds a member of staff to the register. */
DUECARE_CHECKED duecare_status duecare_document_add_member(duecare_document* document, const char* id,
                                                           size_t id_length,
                                                           duecare_error** error) DUECARE_NOEXCEPT;
/** Adds an entry of service to the member: days since 1970-01-01, from <= date < until (DUECARE_DAY_NONE:
 * open). */
DUECARE_CHECKED duecare_status duecare_document_add_service(duecare_document* document, int32_t from,
                                                            int32_t until,
                                                            duecare_error** error) DUECARE_NOEXCEPT;
/** The rank of the event's actor (instead of the register's), or of the entry of service. */
DUECARE_CHECKED duecare_status duecare_document_set_rank(duecare_document* document, const char* rank,
                                                         size_t rank_length,
                                                         duecare_error** error) DUECARE_NOEXCEPT;
/** The unit of the event's actor, or of the entry of service. */
DUECARE_CHECKED duecare_status duecare_document_set_unit(duecare_document* document, const char* unit,
                                                         size_t unit_length,
                                                         duecare_error** error) DUECARE_NOEXCEPT;
/** Adds an accreditation to the event's actor (instead of the register's), or to the entry of service. */
DUECARE_CHECKED duecare_status duecare_document_add_accreditation(duecare_document* document,
                                                                  const char* accreditation,
                                                                  size_t accreditation_length,
                                                                  duecare_error** error) DUECARE_NOEXCEPT;
/** Says that there are none, which is not the same as saying nothing. */
DUECARE_CHECKED duecare_status duecare_document_set_no_accreditations(duecare_document* document,
                                                                      duecare_error** error) DUECARE_NOEXCEPT;
/** Begins an object of attributes; what follows stands in it until it is closed. A policy reaches it by a
 * dotted path. Attributes before the first person and event are those of the case. */
DUECARE_CHECKED duecare_status duecare_document_open_attribute(duecare_document* document, const char* key,
                                                               size_t key_length,
                                                               duecare_error** error) DUECARE_NOEXCEPT;
/** Begins a list: the values that follow have no keys (NULL, 0). */
DUECARE_CHECKED duecare_status duecare_document_open_attribute_list(duecare_document* document,
                                                                    const char* key, size_t key_length,
                                                                    duecare_error** error) DUECARE_NOEXCEPT;
/** Ends the object or list that was opened last. */
DUECARE_CHECKED duecare_status duecare_document_close_attribute(duecare_document* document,
                                                                duecare_error** error) DUECARE_NOEXCEPT;
/** An attribute that is text. */
DUECARE_CHECKED duecare_status duecare_document_set_attribute_string(duecare_document* document,
                                                                     const char* key, size_t key_length,
                                                                     const char* value, size_t value_length,
                                                                     duecare_error** error) DUECARE_NOEXCEPT;
/** An attribute that is a whole number. */
DUECARE_CHECKED duecare_status duecare_document_set_attribute_integer(duecare_document* document,
                                                                      const char* key, size_t key_length,
                                                                      int64_t value,
                                                                      duecare_error** error) DUECARE_NOEXCEPT;
/** An attribute that is a number; infinities and NaN are rejects. */
DUECARE_CHECKED duecare_status duecare_document_set_attribute_number(duecare_document* document,
                                                                     const char* key, size_t key_length,
                                                                     double value,
                                                                     duecare_error** error) DUECARE_NOEXCEPT;
/** An attribute that is true (not 0) or false. */
DUECARE_CHECKED duecare_status duecare_document_set_attribute_boolean(duecare_document* document,
                                                                      const char* key, size_t key_length,
                                                                      int32_t value,
                                                                      duecare_error** error) DUECARE_NOEXCEPT;
/** An attribute without value. */
DUECARE_CHECKED duecare_status duecare_document_set_attribute_null(duecare_document* document,
                                                                   const char* key, size_t key_length,
                                                                   duecare_error** error) DUECARE_NOEXCEPT;
/** An attribute that is an instant or a day: becomes the text that JSON would have. */
DUECARE_CHECKED duecare_status duecare_document_set_attribute_instant(duecare_document* document,
                                                                      const char* key, size_t key_length,
                                                                      int64_t value,
                                                                      duecare_precision precision,
                                                                      duecare_error** error) DUECARE_NOEXCEPT;
/** Commits the document to a caseload, as if its JSON had been read: a reject is counted and kept there, and
 * the status is OK. A source of the caseload that is open is finished first. The document must be started
 * anew afterwards.
 *  @param[in] source  Name of the feed, shown in rejects; may be empty.
 *  @param[in] line    Number of the document or row in the feed, shown in rejects; 0: unknown.
 *  @return as duecare_caseload_push; INVALID_STATE also when nothing was started or an attribute is open. */
DUECARE_CHECKED duecare_status duecare_caseload_add_document(duecare_caseload* caseload,
                                                             duecare_document* document, const char* source,
                                                             size_t source_length, uint64_t line,
                                                             duecare_error** error) DUECARE_NOEXCEPT;
/** Frees the document; caseloads that it was added to are not touched. */
DUECARE_API void duecare_document_free(duecare_document* document) DUECARE_NOEXCEPT;

/* ---- Tables: Arrow tables in ------------------------------------------------------------------------ */

typedef struct duecare_tables duecare_tables;
struct ArrowArrayStream; /* duecare/arrow_abi.h, or anybody's copy of it */

/** Begins an import. Tables are added to it, and then it is committed to a caseload.
 *
 *  Without a mapping the tables are called "events", "cases", "persons" and "staff" and their columns as the
 *  fields of the format: events: case_id, type, occurred_at, recorded_at, actor (text, or a structure of id,
 * rank, unit, accreditations), subjects (a list), id, replaces, withdrawn; cases: id, kind; persons: case_id,
 * id, born, roles; staff: id, from, until, rank, unit, accreditations, a row an entry of service. Other
 * columns are attributes ("home.town" is `town` in the object `home`), as are the parts of a structure or map
 * called "attributes". Columns that are optional in the format may be missing; null is no value. Without a
 * table of persons those that events name are the persons of the case.
 *
 *  Text is utf8, large_utf8 or utf8_view, also in dictionaries. Instants are timestamps (with a zone: exact;
 *  without: local time in the policy's zone), dates (the day alone is known), or text as the format has it.
 *  Attributes may be text, whole numbers, floats, decimals up to 128 bits, booleans, dates, times,
 * timestamps, lists, structures and maps.
 *  @param[in] mapping  The JSON of a `duecare.mapping/1`: which columns are what, which codes mean what, and
 * in which form dates are written. Blanks around text are taken off. NULL with length 0: none.
 *  @return OK | DATA when the mapping is wrong; the error has the JSON pointer. */
DUECARE_CHECKED duecare_status duecare_tables_new(const char* mapping, size_t mapping_length,
                                                  duecare_tables** out_tables,
                                                  duecare_error** error) DUECARE_NOEXCEPT;
/** Memory of the tables added from now on.
 *  @param[in] context  NULL: the process's memory, and no log. */
DUECARE_CHECKED duecare_status duecare_tables_set_context(duecare_tables* tables, duecare_context* context,
                                                          duecare_error** error) DUECARE_NOEXCEPT;
/** Takes a table: reads the whole stream, keeps what it gave without copying it until the import is
 * committed, and releases the stream, exactly once and also when it fails.
 *  @param[in] name  Which table it is, for the mapping and in rejects.
 *  @return OK | DATA when the stream fails, a column is missing or has a type that is not read; the error
 * names it | INVALID_STATE after duecare_caseload_add_tables.  @blocks As long as the stream does. */
DUECARE_CHECKED duecare_status duecare_tables_add(duecare_tables* tables, const char* name,
                                                  size_t name_length, struct ArrowArrayStream* stream,
                                                  duecare_error** error) DUECARE_NOEXCEPT;
/** Commits all tables, once. Each case is one document, and so is each member of staff: taken whole or
 * rejected under the rules of the format, with the name of the table, the number of the row (as the line),
 * and the column in the reason. Events stand in the order of their rows.
 *  @return as duecare_caseload_push. */
DUECARE_CHECKED duecare_status duecare_caseload_add_tables(duecare_caseload* caseload, duecare_tables* tables,
                                                           duecare_error** error) DUECARE_NOEXCEPT;
/** Writes what the import came past beside rejects, as one JSON object: {"rows", "dropped_rows", "unmapped":
 *  [{"column", "code", "count"}], "unused_columns": [{"table", "column"}]}. */
DUECARE_CHECKED duecare_status duecare_tables_export_report(const duecare_tables* tables, duecare_text* into,
                                                            duecare_error** error) DUECARE_NOEXCEPT;
/** Frees the tables; caseloads that they were added to are not touched. */
DUECARE_API void duecare_tables_free(duecare_tables* tables) DUECARE_NOEXCEPT;

/* ---- Token: asks a running audit to stop ------------------------------------------------------------ */

typedef struct duecare_token duecare_token;

/** A token on which nobody has cancelled. */
DUECARE_CHECKED duecare_status duecare_token_new(duecare_token** out_token,
                                                 duecare_error** error) DUECARE_NOEXCEPT;
/** Audits that were given the token stop at their next progress step, those started later before their first.
 *  @threads Any thread at any time, also from a signal handler, as long as the token is not freed. */
DUECARE_API void duecare_token_cancel(duecare_token* token) DUECARE_NOEXCEPT;
/** Makes the token usable again. */
DUECARE_API void duecare_token_reset(duecare_token* token) DUECARE_NOEXCEPT;
/** 1 after duecare_token_cancel, else 0. @threads Any. */
DUECARE_API int32_t duecare_token_get_cancelled(const duecare_token* token) DUECARE_NOEXCEPT;
/** Frees the token; a running audit that was given it goes on. */
DUECARE_API void duecare_token_free(duecare_token* token) DUECARE_NOEXCEPT;

/* ---- Audit: a policy and a caseload in, a result out ------------------------------------------------ */

typedef struct duecare_result duecare_result;

typedef int32_t duecare_verdict;
#define DUECARE_VERDICT_MET 0
#define DUECARE_VERDICT_LATE 1
#define DUECARE_VERDICT_MISSED 2
#define DUECARE_VERDICT_PENDING 3
#define DUECARE_VERDICT_EXCUSED 4
#define DUECARE_VERDICT_LAPSED 5
#define DUECARE_VERDICT_UNASSESSABLE 6

/* Sets of verdicts: bit i stands for the verdict i. */
#define DUECARE_VERDICTS_DEFAULT UINT32_C(0x4E) /* late, missed, pending, unassessable */
#define DUECARE_VERDICTS_ALL UINT32_C(0x7F)

/** "met", "late", ...; NULL for a number that is no verdict. Valid for ever. */
DUECARE_API const char* duecare_verdict_get_name(duecare_verdict verdict) DUECARE_NOEXCEPT;

/** Told how far an audit is, on the calling thread. @return 0 to go on; anything else cancels the audit and
 *  can be read with duecare_error_get_callback_code. */
typedef int32_t (*duecare_progress_fn)(uint64_t cases_done, uint64_t cases_total, void* user_data);

#define DUECARE_AUDIT_AS_OF UINT32_C(1)       /* `as_of` is set */
#define DUECARE_AUDIT_KNOWN_AT UINT32_C(2)    /* `known_at` is set */
#define DUECARE_AUDIT_COUNTS_ONLY UINT32_C(4) /* keep no findings, only count; `verdicts` must be 0 */
#define DUECARE_AUDIT_COVERAGE UINT32_C(8)    /* note what the audit came past; one thread, and slower */

#define DUECARE_THREADS_MACHINE UINT32_C(0xFFFFFFFF) /* as many as the machine has */

typedef struct duecare_audit_options {
    uint32_t struct_size;         /* sizeof(duecare_audit_options) */
    uint32_t flags;               /* DUECARE_AUDIT_... */
    int64_t as_of;                /* judge as of this instant; not set: the latest instant of the caseload */
    int64_t known_at;             /* use what the record said at this instant; not set: as_of */
    uint32_t verdicts;            /* set of verdicts to keep findings of; 0: DUECARE_VERDICTS_DEFAULT */
    uint32_t threads;             /* 0: the calling thread alone. The result is the same for any number */
    duecare_progress_fn progress; /* may be NULL */
    void* user_data;              /* for `progress` */
    const duecare_token* token;   /* may be NULL; is kept alive by the audit itself */
    duecare_context* context;     /* whose memory and log; NULL: those of the policy, else of the caseload */
} duecare_audit_options;
#define DUECARE_AUDIT_OPTIONS_INIT \
    { sizeof(duecare_audit_options), 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL }
#define DUECARE_AUDIT_OPTIONS_SIZE_0_1 56 /* where pointers have 64 bits */

/** Writes the defaults, for callers that cannot use the macro. `size` is sizeof of the caller's structure. */
DUECARE_CHECKED duecare_status duecare_audit_options_init(duecare_audit_options* options,
                                                          size_t size) DUECARE_NOEXCEPT;
/** Audits every case of the caseload against the policy.
 *  @param[in]  options     May be NULL: the defaults.
 *  @param[out] out_result  Keeps policy and caseload alive, and the caseload closed for additions.
 *  @return OK | INVALID_STATE when a source of the caseload is still open or reading it failed | CANCELLED.
 *          A caseload without events needs DUECARE_AUDIT_AS_OF (else INVALID_ARGUMENT).
 *  @threads Any number of audits may share a policy and a caseload. Threads that it starts end before it
 *          returns.
 *  @blocks For the length of the audit; the progress callback or the token stops it at the next progress
 *          step. */
DUECARE_CHECKED duecare_status duecare_audit_run(const duecare_policy* policy,
                                                 const duecare_caseload* caseload,
                                                 const duecare_audit_options* options,
                                                 duecare_result** out_result,
                                                 duecare_error** error) DUECARE_NOEXCEPT;

/* ---- Result: the findings of an audit; immutable ---------------------------------------------------- */

/** The instant up to which the audit looked at what happened. */
DUECARE_API int64_t duecare_result_get_as_of(const duecare_result* result) DUECARE_NOEXCEPT;
/** The instant up to which the audit looked at what was recorded. */
DUECARE_API int64_t duecare_result_get_known_at(const duecare_result* result) DUECARE_NOEXCEPT;
/** Cases of the caseload that were audited. */
DUECARE_API uint64_t duecare_result_count_cases(const duecare_result* result) DUECARE_NOEXCEPT;
/** Events that counted, evaluation.md calls them visible. */
DUECARE_API uint64_t duecare_result_count_visible_events(const duecare_result* result) DUECARE_NOEXCEPT;
/** Documents of the caseload that were rejected and so are not in the result. Look at this first. */
DUECARE_API uint64_t duecare_result_count_rejects(const duecare_result* result) DUECARE_NOEXCEPT;
/** Obligations of a duty (index in the policy) with that verdict, whether their findings were kept or not. */
DUECARE_API uint64_t duecare_result_count_verdicts(const duecare_result* result, uint64_t duty,
                                                   duecare_verdict verdict) DUECARE_NOEXCEPT;
/** Event types of the data that no duty, no fact and none of the policy's documented `events` names, sorted
 * by name: often a code that was not mapped. None where the policy documents no events. */
DUECARE_API uint64_t duecare_result_count_unnamed_events(const duecare_result* result) DUECARE_NOEXCEPT;
/** The type, by index; null past the end. */
DUECARE_API const char* duecare_result_get_unnamed_event_type(const duecare_result* result, uint64_t index,
                                                              size_t* out_length) DUECARE_NOEXCEPT;
/** How many events of the caseload are of that type. */
DUECARE_API uint64_t duecare_result_get_unnamed_event_count(const duecare_result* result,
                                                            uint64_t index) DUECARE_NOEXCEPT;
/** Findings kept. */
DUECARE_API uint64_t duecare_result_count_findings(const duecare_result* result) DUECARE_NOEXCEPT;
/** Writes findings [begin, begin + count) as JSON Lines, one object with a line end each; `count` past the
 *  end is cut. The pieces of any division put together are the same bytes. */
DUECARE_CHECKED duecare_status duecare_result_export_findings(const duecare_result* result, uint64_t begin,
                                                              uint64_t count, duecare_text* into,
                                                              duecare_error** error) DUECARE_NOEXCEPT;
/** Writes what the audit came past as one JSON object (duecare.coverage/1), without line end: for each duty
 *  the verdicts that it can give with their counts (`duties`); for each condition of a duty or fact how often
 *  it was false, true or unknown, as far as it can be (`expressions`); for each `choose` how often each case
 *  was taken (`choices`); with the layer, and the JSON pointer into duecare_policy_get_json. Counts of
 * several audits against one policy may be added up.
 *  @return OK | INVALID_STATE when the audit ran without DUECARE_AUDIT_COVERAGE. */
DUECARE_CHECKED duecare_status duecare_result_export_coverage(const duecare_result* result,
                                                              duecare_text* into,
                                                              duecare_error** error) DUECARE_NOEXCEPT;
/** Frees the result; readers of its findings are not touched. */
DUECARE_API void duecare_result_free(duecare_result* result) DUECARE_NOEXCEPT;

/* ---- Tables out: a result as Arrow streams ---------------------------------------------------------- */

/** Which table of a result. Columns keep their order; later versions may add some at the end. */
typedef int32_t duecare_table;
/* case_id, duty_id (dictionary), key?, verdict (dictionary), opened_at, due_at?, ended_at?, overdue_seconds,
 * elapsed_seconds, missed_periods, trigger_event?, ending_event?, flags (list), reason?, evidence (list),
 * owner?, area, severity, title (dictionaries), and with DUECARE_TABLE_EXPLANATIONS explanation. `?`: may be
 * null. Instants are timestamps in microseconds, UTC; texts are utf8; dictionaries have int32 indices. */
#define DUECARE_TABLE_FINDINGS 1
/* case_id, kind, document, persons, events (counts). */
#define DUECARE_TABLE_CASES 2
/* case_id, id, type, occurred_at, recorded_at, is_day (the day alone is known; then the instant is its
 * first), actor?, subjects (list), withdrawn. */
#define DUECARE_TABLE_EVENTS 3
/* id, from, until? (dates), rank?, unit?, accreditations (list): a row an entry of service. */
#define DUECARE_TABLE_SERVICE 4

#define DUECARE_TABLE_EXPLANATIONS \
    UINT32_C(1) /* findings: the sentence of each too; takes most of the time */

/** Exports a table as an Arrow C stream. Its batches are made when they are asked for, and keep what they
 * need alive by themselves.
 *  @param[out] out_stream  Released on entry without a look at what it held; the caller calls its release. */
DUECARE_CHECKED duecare_status duecare_result_export_table(const duecare_result* result, duecare_table table,
                                                           uint32_t flags,
                                                           struct ArrowArrayStream* out_stream,
                                                           duecare_error** error) DUECARE_NOEXCEPT;

/* ---- Finding: a reader that stands at one finding of a result --------------------------------------- */

typedef struct duecare_finding duecare_finding;

/* Flags of a finding, as bits. */
#define DUECARE_FLAG_ACCOUNTED UINT32_C(0x01)
#define DUECARE_FLAG_DUE_SOON UINT32_C(0x02)
#define DUECARE_FLAG_IMPRECISE UINT32_C(0x04)
#define DUECARE_FLAG_RECORDED_LATE UINT32_C(0x08)
#define DUECARE_FLAG_RETROSPECTIVE UINT32_C(0x10)

/** "accounted", ... for one bit; NULL for anything else. Valid for ever. */
DUECARE_API const char* duecare_flag_get_name(uint32_t flag) DUECARE_NOEXCEPT;

/** A reader that stands at no finding yet: its accessors return NULL and 0. It keeps the result alive. Make
 *  one for each thread. */
DUECARE_CHECKED duecare_status duecare_finding_new(const duecare_result* result,
                                                   duecare_finding** out_finding,
                                                   duecare_error** error) DUECARE_NOEXCEPT;
/** Moves to a finding by index: caseload order, duty order, opened_at, key, trigger_event. What was read from
 *  the reader before is no longer valid. @return OK | NOT_FOUND past the end; on failure it stands at no
 *  finding. */
DUECARE_CHECKED duecare_status duecare_finding_at(duecare_finding* finding, uint64_t index,
                                                  duecare_error** error) DUECARE_NOEXCEPT;
/** The id of the case of the trigger. */
DUECARE_API const char* duecare_finding_get_case_id(const duecare_finding* finding,
                                                    size_t* out_length) DUECARE_NOEXCEPT;
/** Index of the case in the caseload. */
DUECARE_API uint64_t duecare_finding_get_case(const duecare_finding* finding) DUECARE_NOEXCEPT;
/** The id of the duty. */
DUECARE_API const char* duecare_finding_get_duty_id(const duecare_finding* finding,
                                                    size_t* out_length) DUECARE_NOEXCEPT;
/** Index of the duty in the policy. */
DUECARE_API uint64_t duecare_finding_get_duty(const duecare_finding* finding) DUECARE_NOEXCEPT;
/** The person's id or the value of `per`; may be null. */
DUECARE_API const char* duecare_finding_get_key(const duecare_finding* finding,
                                                size_t* out_length) DUECARE_NOEXCEPT;
/** -1 when the reader stands at no finding. */
DUECARE_API duecare_verdict duecare_finding_get_verdict(const duecare_finding* finding) DUECARE_NOEXCEPT;
/** When the obligation was opened. */
DUECARE_API int64_t duecare_finding_get_opened_at(const duecare_finding* finding) DUECARE_NOEXCEPT;
/** May be DUECARE_INSTANT_NONE: there is no deadline. */
DUECARE_API int64_t duecare_finding_get_due_at(const duecare_finding* finding) DUECARE_NOEXCEPT;
/** May be DUECARE_INSTANT_NONE: nothing has ended it. */
DUECARE_API int64_t duecare_finding_get_ended_at(const duecare_finding* finding) DUECARE_NOEXCEPT;
/** Seconds, rounded down; 0 unless late or missed. */
DUECARE_API int64_t duecare_finding_get_overdue_seconds(const duecare_finding* finding) DUECARE_NOEXCEPT;
/** Seconds from opening to end, or to as_of. */
DUECARE_API int64_t duecare_finding_get_elapsed_seconds(const duecare_finding* finding) DUECARE_NOEXCEPT;
/** Periods of a rhythm that passed without an answer; 0 for other duties. */
DUECARE_API int32_t duecare_finding_get_missed_periods(const duecare_finding* finding) DUECARE_NOEXCEPT;
/** Event ids; of another case "CASE/EVENT"; may be null. */
DUECARE_API const char* duecare_finding_get_trigger_event(const duecare_finding* finding,
                                                          size_t* out_length) DUECARE_NOEXCEPT;
/** Event id, as of the trigger; null when no event ended it. */
DUECARE_API const char* duecare_finding_get_ending_event(const duecare_finding* finding,
                                                         size_t* out_length) DUECARE_NOEXCEPT;
/** DUECARE_FLAG_... bits. The names in the order of their bits are in sorted order. */
DUECARE_API uint32_t duecare_finding_get_flags(const duecare_finding* finding) DUECARE_NOEXCEPT;
/** Why it is unassessable ("missing_value: event.level"); else null. */
DUECARE_API const char* duecare_finding_get_reason(const duecare_finding* finding,
                                                   size_t* out_length) DUECARE_NOEXCEPT;
/** How many events the verdict rests on. */
DUECARE_API uint64_t duecare_finding_count_evidence(const duecare_finding* finding) DUECARE_NOEXCEPT;
/** Event id of a piece of evidence, by index. */
DUECARE_API const char* duecare_finding_get_evidence(const duecare_finding* finding, uint64_t index,
                                                     size_t* out_length) DUECARE_NOEXCEPT;
/** Who held the case when the obligation fell due; may be null. */
DUECARE_API const char* duecare_finding_get_owner(const duecare_finding* finding,
                                                  size_t* out_length) DUECARE_NOEXCEPT;
/** The `area` of the duty. */
DUECARE_API const char* duecare_finding_get_area(const duecare_finding* finding,
                                                 size_t* out_length) DUECARE_NOEXCEPT;
/** "critical", "high", "medium" or "low". */
DUECARE_API const char* duecare_finding_get_severity(const duecare_finding* finding,
                                                     size_t* out_length) DUECARE_NOEXCEPT;
/** The `title` of the duty. */
DUECARE_API const char* duecare_finding_get_title(const duecare_finding* finding,
                                                  size_t* out_length) DUECARE_NOEXCEPT;
/** Writes one plain sentence with local dates that a supervisor can act on. INVALID_STATE at no finding. */
DUECARE_CHECKED duecare_status duecare_finding_export_explanation(const duecare_finding* finding,
                                                                  duecare_text* into,
                                                                  duecare_error** error) DUECARE_NOEXCEPT;
/** Writes the finding as one JSON object, without line end. INVALID_STATE at no finding. */
DUECARE_CHECKED duecare_status duecare_finding_export_json(const duecare_finding* finding, duecare_text* into,
                                                           duecare_error** error) DUECARE_NOEXCEPT;
/** Frees the reader; the result is not touched. */
DUECARE_API void duecare_finding_free(duecare_finding* finding) DUECARE_NOEXCEPT;
/** Which unit the obligation is counted for; null where the records do not say. At the instant of the owner
 *  (when it fell due, or as of the audit if that is earlier or there is no due): the unit that the staff
 *  register gives the owner on that day; else the owner, where it is itself a unit, which is a text that is
 *  neither a person of the register nor the actor of an event; else the attribute `unit` of the case. The
 *  store counts by the same. */
DUECARE_API const char* duecare_finding_get_unit(const duecare_finding* finding,
                                                 size_t* out_length) DUECARE_NOEXCEPT;

/* ---- Explanation: how the obligations of one duty in one case came to their verdicts ---------------- */

typedef struct duecare_explanation duecare_explanation;

/** Looks into one duty of one case again and writes down each step: what opened an obligation, when it was
 * due and why, pauses, what came and did or did not count, the verdict, and for a late, missed or
 * unassessable one the smallest changes of the record that would have made it met. All obligations are there,
 * also those whose findings were not kept. Immutable; keeps the result alive.
 *  @param[in] key  A person's id or `per` value: its obligations alone. NULL with length 0: all.
 *  @return OK, also when nothing in the case calls for the duty | NOT_FOUND for a case, duty or key that is
 * not there. */
DUECARE_CHECKED duecare_status duecare_explanation_new(const duecare_result* result, const char* case_id,
                                                       size_t case_id_length, const char* duty_id,
                                                       size_t duty_id_length, const char* key,
                                                       size_t key_length,
                                                       duecare_explanation** out_explanation,
                                                       duecare_error** error) DUECARE_NOEXCEPT;
/** Obligations told of: those of the duty in the case, of every verdict, in the order of findings. */
DUECARE_API uint64_t duecare_explanation_count_obligations(const duecare_explanation* explanation)
    DUECARE_NOEXCEPT;
/** Steps of an obligation, by index in the order of findings. */
DUECARE_API uint64_t duecare_explanation_count_steps(const duecare_explanation* explanation,
                                                     uint64_t obligation) DUECARE_NOEXCEPT;
/** Writes plain lines in the manner of Markdown, for people; the wording may change between versions. */
DUECARE_CHECKED duecare_status duecare_explanation_export_text(const duecare_explanation* explanation,
                                                               duecare_text* into,
                                                               duecare_error** error) DUECARE_NOEXCEPT;
/** Writes one JSON object without line end: {"case_id", "duty_id", "title", "as_of", "known_at",
 * "obligations":
 *  [{"finding", "steps": [{"kind", "event", "at", "due_at", ..., "text"}], "nearest": [{"kind", "event" or
 *  "types", "from", "until", "earlier_by_seconds", "needs": [{"path", "relation", "value"}], "text"}]}]}.
 * What does not apply is left out; instants are in UTC. */
DUECARE_CHECKED duecare_status duecare_explanation_export_json(const duecare_explanation* explanation,
                                                               duecare_text* into,
                                                               duecare_error** error) DUECARE_NOEXCEPT;
/** Frees the explanation; the result it was made from is not touched. */
DUECARE_API void duecare_explanation_free(duecare_explanation* explanation) DUECARE_NOEXCEPT;

/* ---- Monitor: the audit as it happens --------------------------------------------------------------- */

/* Takes events one by one, in any order, late entries, corrections and withdrawals among them, and says after
 * each what has changed. At any time its findings are those of an audit of the same events at the instants of
 * its clock. A call that fails leaves it unchanged. It holds what it was given until
 * duecare_monitor_drop_case: drop the cases that are closed. */

typedef struct duecare_monitor duecare_monitor;
typedef struct duecare_changes duecare_changes;

typedef struct duecare_monitor_options {
    uint32_t struct_size;     /* sizeof(duecare_monitor_options) */
    uint32_t flags;           /* DUECARE_MONITOR_... */
    int64_t as_of;            /* where the clock begins; has to be set */
    int64_t known_at;         /* not set: as_of */
    duecare_context* context; /* whose memory and log; NULL: those of the policy */
} duecare_monitor_options;
#define DUECARE_MONITOR_AS_OF UINT32_C(1)
#define DUECARE_MONITOR_KNOWN_AT UINT32_C(2)
#define DUECARE_MONITOR_OPTIONS_INIT \
    { sizeof(duecare_monitor_options), 0, 0, 0, NULL }
#define DUECARE_MONITOR_OPTIONS_SIZE_0_1 24

/** Writes the defaults, for callers that cannot use the macro. `size` is sizeof of the caller's structure. */
DUECARE_CHECKED duecare_status duecare_monitor_options_init(duecare_monitor_options* options,
                                                            size_t size) DUECARE_NOEXCEPT;
/** Makes a monitor without cases, which keeps the policy alive.
 *  @return OK | INVALID_ARGUMENT also where `options` is NULL or as_of is not set. */
DUECARE_CHECKED duecare_status duecare_monitor_new(const duecare_policy* policy,
                                                   const duecare_monitor_options* options,
                                                   duecare_monitor** out_monitor,
                                                   duecare_error** error) DUECARE_NOEXCEPT;
/** Takes one event of a case that is there: the JSON object that would stand under `events`. Without an id it
 *  is called "#" and its number in the order of arrival. What it `replaces` may come later.
 *  @return OK | NOT_FOUND for another case | DATA for what is no event, names a stranger, or has the id of an
 *          event that is there; the error's pointer is into the event. */
DUECARE_CHECKED duecare_status duecare_monitor_push_event(duecare_monitor* monitor, const char* case_id,
                                                          size_t case_id_length, const char* json,
                                                          size_t json_length, duecare_changes** out_changes,
                                                          duecare_error** error) DUECARE_NOEXCEPT;
/** Takes one document: a new case; more of a case that is there, whose kind, attributes and persons it
 *  replaces and to whose events it adds; or staff, after which every case is judged again.
 *  @return OK | DATA */
DUECARE_CHECKED duecare_status duecare_monitor_push_document(duecare_monitor* monitor, const char* json,
                                                             size_t json_length,
                                                             duecare_changes** out_changes,
                                                             duecare_error** error) DUECARE_NOEXCEPT;
/** The same of a document put together field by field, which is empty afterwards. */
DUECARE_CHECKED duecare_status duecare_monitor_add_document(duecare_monitor* monitor,
                                                            duecare_document* document,
                                                            duecare_changes** out_changes,
                                                            duecare_error** error) DUECARE_NOEXCEPT;
/** Sets the clock, forwards or backwards; events that have been pushed come into sight as it reaches them. */
DUECARE_CHECKED duecare_status duecare_monitor_set_clock(duecare_monitor* monitor, int64_t as_of,
                                                         int64_t known_at, duecare_changes** out_changes,
                                                         duecare_error** error) DUECARE_NOEXCEPT;
/** Forgets a case and its events, also for duties across cases: those changes are told.
 *  @return OK | NOT_FOUND */
DUECARE_CHECKED duecare_status duecare_monitor_drop_case(duecare_monitor* monitor, const char* case_id,
                                                         size_t case_id_length, duecare_changes** out_changes,
                                                         duecare_error** error) DUECARE_NOEXCEPT;

/** Where the clock stands. */
DUECARE_API int64_t duecare_monitor_get_as_of(const duecare_monitor* monitor) DUECARE_NOEXCEPT;
/** What was recorded later is not yet known. */
DUECARE_API int64_t duecare_monitor_get_known_at(const duecare_monitor* monitor) DUECARE_NOEXCEPT;
/** The first due_at of what is pending: what happens then is in time, a microsecond later it is not.
 *  DUECARE_INSTANT_NONE where nothing is due. While a pause runs it moves on with the clock. */
DUECARE_API int64_t duecare_monitor_get_next_due(const duecare_monitor* monitor) DUECARE_NOEXCEPT;
/** Cases held. */
DUECARE_API uint64_t duecare_monitor_count_cases(const duecare_monitor* monitor) DUECARE_NOEXCEPT;
/** Events held, also those that others replace. */
DUECARE_API uint64_t duecare_monitor_count_events(const duecare_monitor* monitor) DUECARE_NOEXCEPT;
/** Bytes held, roughly. */
DUECARE_API uint64_t duecare_monitor_get_memory(const duecare_monitor* monitor) DUECARE_NOEXCEPT;

typedef struct duecare_monitor_query {
    uint32_t struct_size; /* sizeof(duecare_monitor_query) */
    uint32_t flags;       /* DUECARE_MONITOR_DUE_UNTIL */
    uint32_t verdicts;    /* set of verdicts; 0: DUECARE_VERDICTS_DEFAULT */
    uint32_t reserved;    /* 0 */
    int64_t due_until;    /* what is pending and falls due then or before */
    const char* case_id;  /* NULL: of any case */
    size_t case_id_length;
    const char* key; /* a person's id, or the value of `per`; NULL: any */
    size_t key_length;
    const char* owner; /* NULL: of anybody */
    size_t owner_length;
} duecare_monitor_query;
#define DUECARE_MONITOR_DUE_UNTIL UINT32_C(1)
#define DUECARE_MONITOR_QUERY_INIT \
    { sizeof(duecare_monitor_query), 0, 0, 0, 0, NULL, 0, NULL, 0, NULL, 0 }
#define DUECARE_MONITOR_QUERY_SIZE_0_1 72 /* where pointers have 64 bits */

/** Writes the defaults, for callers that cannot use the macro. `size` is sizeof of the caller's structure. */
DUECARE_CHECKED duecare_status duecare_monitor_query_init(duecare_monitor_query* query,
                                                          size_t size) DUECARE_NOEXCEPT;
/** Lists what fits, each with `what` 0; those of duties across cases stand at the end.
 *  @param[in] query  May be NULL: the defaults. */
DUECARE_CHECKED duecare_status duecare_monitor_list(duecare_monitor* monitor,
                                                    const duecare_monitor_query* query,
                                                    duecare_changes** out_changes,
                                                    duecare_error** error) DUECARE_NOEXCEPT;
/** Audits what the monitor holds at its clock: findings with evidence, explanations and everything else that
 *  a result has.
 *  @param[in] case_id   NULL: all cases; else the findings of that case.
 *  @param[in] verdicts  As in duecare_audit_options.
 *  @return OK | NOT_FOUND */
DUECARE_CHECKED duecare_status duecare_monitor_audit(duecare_monitor* monitor, const char* case_id,
                                                     size_t case_id_length, uint32_t verdicts,
                                                     duecare_result** out_result,
                                                     duecare_error** error) DUECARE_NOEXCEPT;
/** Writes everything needed to go on elsewhere: text with a version, the policy's digest, the documents and a
 *  SHA-256 of it all. Restoring judges each case once; no change is told. */
DUECARE_CHECKED duecare_status duecare_monitor_snapshot(duecare_monitor* monitor, duecare_text* into,
                                                        duecare_error** error) DUECARE_NOEXCEPT;
/** @return OK | DATA for bytes that are not whole or were changed | INVALID_ARGUMENT for another policy's
 *          | UNSUPPORTED for a later version's. */
DUECARE_CHECKED duecare_status duecare_monitor_restore(const duecare_policy* policy, const void* data,
                                                       size_t length, duecare_monitor** out_monitor,
                                                       duecare_error** error) DUECARE_NOEXCEPT;
/** Frees the monitor; what it told is not touched. */
DUECARE_API void duecare_monitor_free(duecare_monitor* monitor) DUECARE_NOEXCEPT;

/* ---- Changes: what became of obligations; immutable ------------------------------------------------- */

#define DUECARE_CHANGE_OPENED UINT32_C(1)  /* it was not there before */
#define DUECARE_CHANGE_GONE UINT32_C(2)    /* the record no longer says that it was opened; told as it was */
#define DUECARE_CHANGE_VERDICT UINT32_C(4) /* the verdict is another */
#define DUECARE_CHANGE_DUE UINT32_C(8)     /* due_at is another */
#define DUECARE_CHANGE_ENDED UINT32_C(16)  /* ended_at or the ending event is another */
#define DUECARE_CHANGE_FLAGS UINT32_C(32)  /* the flags are others */
#define DUECARE_CHANGE_OWNER UINT32_C(64)  /* the owner is another */
#define DUECARE_CHANGE_REASON UINT32_C(128)

/** How many there are. Seconds that have passed are told, and are no change by themselves. */
DUECARE_API uint64_t duecare_changes_count(const duecare_changes* changes) DUECARE_NOEXCEPT;
/** DUECARE_CHANGE_... bits. */
DUECARE_API uint32_t duecare_changes_get_what(const duecare_changes* changes,
                                              uint64_t index) DUECARE_NOEXCEPT;
/** The case of the trigger. */
DUECARE_API const char* duecare_changes_get_case_id(const duecare_changes* changes, uint64_t index,
                                                    size_t* out_length) DUECARE_NOEXCEPT;
/** The id of the duty. */
DUECARE_API const char* duecare_changes_get_duty_id(const duecare_changes* changes, uint64_t index,
                                                    size_t* out_length) DUECARE_NOEXCEPT;
/** The person's id, or the value of `per`; null where the duty is for the case. */
DUECARE_API const char* duecare_changes_get_key(const duecare_changes* changes, uint64_t index,
                                                size_t* out_length) DUECARE_NOEXCEPT;
/** -1 past the end. */
DUECARE_API duecare_verdict duecare_changes_get_verdict(const duecare_changes* changes,
                                                        uint64_t index) DUECARE_NOEXCEPT;
/** -1 where there was none. */
DUECARE_API duecare_verdict duecare_changes_get_verdict_before(const duecare_changes* changes,
                                                               uint64_t index) DUECARE_NOEXCEPT;
/** When the obligation opened. */
DUECARE_API int64_t duecare_changes_get_opened_at(const duecare_changes* changes,
                                                  uint64_t index) DUECARE_NOEXCEPT;
/** When it falls due; DUECARE_INSTANT_NONE where no number says. */
DUECARE_API int64_t duecare_changes_get_due_at(const duecare_changes* changes,
                                               uint64_t index) DUECARE_NOEXCEPT;
/** When it fell due before; DUECARE_INSTANT_NONE where it did not or was not there. */
DUECARE_API int64_t duecare_changes_get_due_before(const duecare_changes* changes,
                                                   uint64_t index) DUECARE_NOEXCEPT;
/** When it ended; DUECARE_INSTANT_NONE where nothing has. */
DUECARE_API int64_t duecare_changes_get_ended_at(const duecare_changes* changes,
                                                 uint64_t index) DUECARE_NOEXCEPT;
/** From due to the end, or to as_of, of what is late or missed. */
DUECARE_API int64_t duecare_changes_get_overdue_seconds(const duecare_changes* changes,
                                                        uint64_t index) DUECARE_NOEXCEPT;
/** From opening to the end, or to as_of. */
DUECARE_API int64_t duecare_changes_get_elapsed_seconds(const duecare_changes* changes,
                                                        uint64_t index) DUECARE_NOEXCEPT;
/** The event that opened it. */
DUECARE_API const char* duecare_changes_get_trigger_event(const duecare_changes* changes, uint64_t index,
                                                          size_t* out_length) DUECARE_NOEXCEPT;
/** The event that ended it; null where none has. */
DUECARE_API const char* duecare_changes_get_ending_event(const duecare_changes* changes, uint64_t index,
                                                         size_t* out_length) DUECARE_NOEXCEPT;
/** DUECARE_FLAG_... bits. */
DUECARE_API uint32_t duecare_changes_get_flags(const duecare_changes* changes,
                                               uint64_t index) DUECARE_NOEXCEPT;
/** Who held the case; null where nobody is on record. */
DUECARE_API const char* duecare_changes_get_owner(const duecare_changes* changes, uint64_t index,
                                                  size_t* out_length) DUECARE_NOEXCEPT;
/** Why it cannot be assessed; else null. */
DUECARE_API const char* duecare_changes_get_reason(const duecare_changes* changes, uint64_t index,
                                                   size_t* out_length) DUECARE_NOEXCEPT;
/** Writes them as JSON Lines: `what` as a list of names, the fields of a finding, `verdict_before` and
 *  `due_before`. */
DUECARE_CHECKED duecare_status duecare_changes_export_json(const duecare_changes* changes, duecare_text* into,
                                                           duecare_error** error) DUECARE_NOEXCEPT;
/** Frees the list. */
DUECARE_API void duecare_changes_free(duecare_changes* changes) DUECARE_NOEXCEPT;

/* ---- Ticket: the draw that anybody can derive again ------------------------------------------------- */

/** Writes the SHA-256 of `seed,id`, 32 bytes: compared byte by byte, the n smallest tickets of a frame are a
 *  simple random sample of it. The same as `printf %s 'seed,id' | sha256sum`.
 *  @param[out] out_ticket  32 bytes.
 *  @return OK | INVALID_ARGUMENT for a seed that is not of [0-9A-Za-z._:+-]{1,256}, or an id that is empty,
 *          begins with #, has a control character or is not UTF-8. */
DUECARE_CHECKED duecare_status duecare_ticket_compute(const char* seed, size_t seed_length, const char* id,
                                                      size_t id_length, uint8_t* out_ticket,
                                                      duecare_error** error) DUECARE_NOEXCEPT;
/** The same for many ids.
 *  @param[in] ids      The bytes of all ids.
 *  @param[in] offsets  count + 1 of them; id i is the bytes from offsets[i] to before offsets[i + 1] (the
 *          form of Arrow's large_utf8).
 *  @param[out] out_tickets  32 * count bytes. After a failure their content is undefined. */
DUECARE_CHECKED duecare_status duecare_ticket_compute_many(const char* seed, size_t seed_length,
                                                           uint64_t count, const char* ids,
                                                           const int64_t* offsets, uint8_t* out_tickets,
                                                           duecare_error** error) DUECARE_NOEXCEPT;

/* ---- Frame: everything that can be drawn ------------------------------------------------------------ */

typedef struct duecare_frame duecare_frame;

#define DUECARE_SIZE_NONE INT64_MIN /* a unit without a size */

/** An empty frame. */
DUECARE_CHECKED duecare_status duecare_frame_new(duecare_frame** out_frame,
                                                 duecare_error** error) DUECARE_NOEXCEPT;
/** Memory of the units pushed from now on, and of the samples drawn.
 *  @param[in] context  NULL: the process's memory, and no log. */
DUECARE_CHECKED duecare_status duecare_frame_set_context(duecare_frame* frame, duecare_context* context,
                                                         duecare_error** error) DUECARE_NOEXCEPT;
/** Adds a unit.
 *  @param[in] stratum  May be empty.
 *  @param[in] size     From 0 on, for draws in proportion to size; or DUECARE_SIZE_NONE.
 *  @return OK | INVALID_ARGUMENT | INVALID_STATE after duecare_frame_finish. */
DUECARE_CHECKED duecare_status duecare_frame_push(duecare_frame* frame, const char* id, size_t id_length,
                                                  const char* stratum, size_t stratum_length, int64_t size,
                                                  duecare_error** error) DUECARE_NOEXCEPT;
/** Adds many units, or after a failure none. Texts as in duecare_ticket_compute_many.
 *  @param[in] strata  With `stratum_offsets`; both NULL: no strata.
 *  @param[in] sizes   NULL: no sizes. */
DUECARE_CHECKED duecare_status duecare_frame_push_many(duecare_frame* frame, uint64_t count, const char* ids,
                                                       const int64_t* offsets, const char* strata,
                                                       const int64_t* stratum_offsets, const int64_t* sizes,
                                                       duecare_error** error) DUECARE_NOEXCEPT;
/** Adds all units of another frame (that of another force), with `prefix` before each id and
 *  `stratum_prefix` before each stratum; both may be empty. After a failure none is added. */
DUECARE_CHECKED duecare_status duecare_frame_push_frame(duecare_frame* frame, const duecare_frame* other,
                                                        const char* prefix, size_t prefix_length,
                                                        const char* stratum_prefix,
                                                        size_t stratum_prefix_length,
                                                        duecare_error** error) DUECARE_NOEXCEPT;
/** Closes the frame. Doing so again does nothing.
 *  @return OK | INVALID_ARGUMENT naming an id that stands in it twice. */
DUECARE_CHECKED duecare_status duecare_frame_finish(duecare_frame* frame,
                                                    duecare_error** error) DUECARE_NOEXCEPT;
/** How many units there are. */
DUECARE_API uint64_t duecare_frame_count_units(const duecare_frame* frame) DUECARE_NOEXCEPT;
/** How many strata there are; 1 if no unit has one. */
DUECARE_API uint64_t duecare_frame_count_strata(const duecare_frame* frame) DUECARE_NOEXCEPT;
/** The name of a stratum, by index, after duecare_frame_finish in the order of their UTF-8 bytes. */
DUECARE_API const char* duecare_frame_get_stratum_name(const duecare_frame* frame, uint64_t stratum,
                                                       size_t* out_length) DUECARE_NOEXCEPT;
/** How many units a stratum has. */
DUECARE_API uint64_t duecare_frame_get_stratum_count(const duecare_frame* frame,
                                                     uint64_t stratum) DUECARE_NOEXCEPT;
/** SHA-256 of what duecare_frame_export_canonical writes, hex; "" before duecare_frame_finish. */
DUECARE_API const char* duecare_frame_get_digest(const duecare_frame* frame,
                                                 size_t* out_length) DUECARE_NOEXCEPT;
/** SHA-256 of the ids in the order in which they were added, each followed by LF, hex: systematic draws
 *  depend on it. "" before duecare_frame_finish. */
DUECARE_API const char* duecare_frame_get_order_digest(const duecare_frame* frame,
                                                       size_t* out_length) DUECARE_NOEXCEPT;
/** Writes one line a unit, `id TAB stratum TAB size LF`, sorted by the bytes of the id.
 *  @return OK | INVALID_STATE before duecare_frame_finish. */
DUECARE_CHECKED duecare_status duecare_frame_export_canonical(const duecare_frame* frame, duecare_text* into,
                                                              duecare_error** error) DUECARE_NOEXCEPT;
/** Frees the frame; samples keep what they need. */
DUECARE_API void duecare_frame_free(duecare_frame* frame) DUECARE_NOEXCEPT;

/* ---- Sample: what a plan and a seed draw from a frame ----------------------------------------------- */

typedef struct duecare_sample duecare_sample;

#define DUECARE_UNIT_CERTAINTY 1u    /* was certain to be drawn */
#define DUECARE_UNIT_OUT_OF_SCOPE 2u /* does not belong to what is audited */

/** Draws.
 *  @param[in] plan    JSON, `duecare.sample-plan/1`: design, n or n_h.
 *  @param[in] seed    As in duecare_ticket_compute.
 *  @param[in] origin  Where the seed came from, for the manifest; may be empty.
 *  @return OK | INVALID_ARGUMENT | INVALID_STATE if the frame is not finished | LIMIT if Sampford's method
 *          finds no sample. */
DUECARE_CHECKED duecare_status duecare_sample_draw(const duecare_frame* frame, const char* plan,
                                                   size_t plan_length, const char* seed, size_t seed_length,
                                                   const char* origin, size_t origin_length,
                                                   duecare_sample** out_sample,
                                                   duecare_error** error) DUECARE_NOEXCEPT;
/** The sample of a manifest, drawn again from the frame by its plan, seed and history; what it states
 *  besides is not believed. */
DUECARE_CHECKED duecare_status duecare_sample_derive(const duecare_frame* frame, const char* manifest,
                                                     size_t manifest_length, duecare_sample** out_sample,
                                                     duecare_error** error) DUECARE_NOEXCEPT;
/** Takes the next units of the same order. A failure changes nothing.
 *  @param[in] to      JSON: {"n": 80}, or {"n_h": {"north": 30}} as in a plan.
 *  @param[in] reason  Goes into the manifest. */
DUECARE_CHECKED duecare_status duecare_sample_extend(duecare_sample* sample, const char* to, size_t to_length,
                                                     const char* reason, size_t reason_length,
                                                     duecare_error** error) DUECARE_NOEXCEPT;
/** Notes that a unit drawn is out of scope (a duplicate, closed before the period); where the design has an
 *  order, the next unit takes its place. A file that is missing is in scope: it is a deviation, or no
 *  response. A failure changes nothing. */
DUECARE_CHECKED duecare_status duecare_sample_replace(duecare_sample* sample, const char* id,
                                                      size_t id_length, const char* reason,
                                                      size_t reason_length,
                                                      duecare_error** error) DUECARE_NOEXCEPT;
/** How many units were drawn, those out of scope included. Units by index: by stratum, then by rank. */
DUECARE_API uint64_t duecare_sample_count_units(const duecare_sample* sample) DUECARE_NOEXCEPT;
/** The id of a unit. */
DUECARE_API const char* duecare_sample_get_unit_id(const duecare_sample* sample, uint64_t unit,
                                                   size_t* out_length) DUECARE_NOEXCEPT;
/** Its ticket, 64 lower-case hex digits. */
DUECARE_API const char* duecare_sample_get_unit_ticket(const duecare_sample* sample, uint64_t unit,
                                                       size_t* out_length) DUECARE_NOEXCEPT;
/** Its stratum. */
DUECARE_API const char* duecare_sample_get_unit_stratum(const duecare_sample* sample, uint64_t unit,
                                                        size_t* out_length) DUECARE_NOEXCEPT;
/** 1-based place in the order of the draw; 0 for an index past the end. */
DUECARE_API uint64_t duecare_sample_get_unit_rank(const duecare_sample* sample,
                                                  uint64_t unit) DUECARE_NOEXCEPT;
/** Its inclusion probability. */
DUECARE_API double duecare_sample_get_unit_pi(const duecare_sample* sample, uint64_t unit) DUECARE_NOEXCEPT;
/** 0: the first draw; k: the k-th extension. */
DUECARE_API uint32_t duecare_sample_get_unit_stage(const duecare_sample* sample,
                                                   uint64_t unit) DUECARE_NOEXCEPT;
/** DUECARE_UNIT_... added up. */
DUECARE_API uint32_t duecare_sample_get_unit_flags(const duecare_sample* sample,
                                                   uint64_t unit) DUECARE_NOEXCEPT;
/** How many groups were drawn from: 1, or one for each stratum. */
DUECARE_API uint64_t duecare_sample_count_groups(const duecare_sample* sample) DUECARE_NOEXCEPT;
/** The id of the first unit of the group that was not drawn; NULL when there is none or no order. */
DUECARE_API const char* duecare_sample_get_group_next_id(const duecare_sample* sample, uint64_t group,
                                                         size_t* out_length) DUECARE_NOEXCEPT;
/** Writes the manifest, JSON of `duecare.sample-manifest/1`. */
DUECARE_CHECKED duecare_status duecare_sample_export_manifest(const duecare_sample* sample,
                                                              duecare_text* into,
                                                              duecare_error** error) DUECARE_NOEXCEPT;
/** Derives a manifest again from a frame, and compares all but the software.
 *  @param[out] into  JSON: a list of {"pointer", "stated", "derived", "message"}, at most 200.
 *  @param[out] out_count  How many there are; 0: the draw is what the manifest says.
 *  @return OK whatever is found | INVALID_ARGUMENT if it is no manifest | INVALID_STATE. */
DUECARE_CHECKED duecare_status duecare_sample_verify(const duecare_frame* frame, const char* manifest,
                                                     size_t manifest_length, uint64_t* out_count,
                                                     duecare_text* into,
                                                     duecare_error** error) DUECARE_NOEXCEPT;
/** Frees the sample. */
DUECARE_API void duecare_sample_free(duecare_sample* sample) DUECARE_NOEXCEPT;

/* ---- Estimate: the methods of drawing and estimating by name ---------------------------------------- */

/** Calculates by a method ("ticket_draw", "inclusion_probabilities", ...).
 *  @param[in] inputs  A JSON object of parameters. Decimals are taken as they are written: 0.07 is 7/100,
 *                     and so are the texts "0.07", "7e-2" and "7/100".
 *  @param[out] into   A JSON object of results; what is not defined is null, with a "reason".
 *  @return OK | NOT_FOUND: no such method | INVALID_ARGUMENT with a JSON pointer into the parameters. */
DUECARE_CHECKED duecare_status duecare_estimate_calculate(const char* method, size_t method_length,
                                                          const char* inputs, size_t inputs_length,
                                                          duecare_text* into,
                                                          duecare_error** error) DUECARE_NOEXCEPT;

/** How many methods there are. */
DUECARE_API uint64_t duecare_estimate_count_methods(void) DUECARE_NOEXCEPT;
/** Writes {"name": ..., "parameters": [...]} of a method, by index in the order of the names. The parameters
 * are empty where they depend on one of them, such as the `op` of "ticket_draw". @return OK | NOT_FOUND. */
DUECARE_CHECKED duecare_status duecare_estimate_export_method(uint64_t index, duecare_text* into,
                                                              duecare_error** error) DUECARE_NOEXCEPT;

/** Where all that an interval leaves out lies. */
typedef int32_t duecare_side;
#define DUECARE_SIDE_TWO 0   /* half below, half above */
#define DUECARE_SIDE_UPPER 1 /* above: the rate is at most out_high; out_low is 0 */
#define DUECARE_SIDE_LOWER 2 /* below: the rate is at least out_low; out_high is 1 */

/** Clopper-Pearson bounds (Biometrika 26, 1934) of many rates at once: x[i] found among n[i].
 *  @param[in]  x, n   `count` numbers each; x[i] <= n[i]. n[i] = 0 gives 0 and 1.
 *  @param[in]  conf   Between 0 and 1, such as 0.95.
 *  @param[out] out_low, out_high  `count` numbers each. After a failure their content is undefined. */
DUECARE_CHECKED duecare_status duecare_estimate_proportion_bounds(const uint64_t* x, const uint64_t* n,
                                                                  uint64_t count, double conf,
                                                                  duecare_side side, double* out_low,
                                                                  double* out_high,
                                                                  duecare_error** error) DUECARE_NOEXCEPT;

/* ---- Store: runs and the work on them, in one file that shows whether it was changed ---------------- */

/* One SQLite file (src/store/README.md draws it). Whoever writes is alone for that moment; any number read
 * meanwhile. What a function has returned from is on the disk. Every row is under one chain of SHA-256
 * digests, whose head, 64 hex digits, is to be written down elsewhere.
 *
 * A store waits: each function waits up to `busy_ms` for other writers, then returns BUSY with nothing
 * changed. IO: the disk is full, failing or read-only; nothing is changed. DATA: the file is damaged; verify
 * says where, and what can still be read. A store is for the process that opened it: after fork() the child
 * opens its own. */

typedef struct duecare_store duecare_store;

/* Nothing can be put. Where the folder may not be written to, the file is read without a lock: a call
 * that read while somebody else wrote says so (IO), to be made again. What the last writer left beside it
 * ("-wal") has to be copied with it first, to a folder that may. */
#define DUECARE_STORE_READ_ONLY UINT32_C(1)
#define DUECARE_STORE_CREATE UINT32_C(2) /* make the file, mode 0600, where there is none */
/* What is lost when the machine loses power may be the last moments (never the rest, never by a crash of the
 * process). For imports that can be done again. */
#define DUECARE_STORE_RELAXED UINT32_C(4)

typedef int32_t duecare_store_keep;
#define DUECARE_STORE_KEEP_IDENTITY 0  /* of each obligation who, when and the verdict; counts */
#define DUECARE_STORE_KEEP_EVIDENCE 1  /* the evidence and the sentence of each finding too */
#define DUECARE_STORE_KEEP_HISTORIES 2 /* whole case histories too; equal ones once */

typedef struct duecare_store_options {
    uint32_t struct_size;    /* sizeof(duecare_store_options) */
    uint32_t flags;          /* DUECARE_STORE_READ_ONLY, _CREATE, _RELAXED */
    uint32_t busy_ms;        /* milliseconds to wait for another writer; 0: 5000. 1 is next to nothing. */
    duecare_store_keep keep; /* of the runs put through this handle */
    const uint8_t* key;      /* for pseudonyms: ids of cases, persons, staff and owners are replaced by their
                                HMAC-SHA256 under it before they are written. NULL: as they are. A file is one
                                or the other for ever, and asks for the same key whenever it is written. */
    size_t key_length;       /* 16 to 1024 bytes */
    const char* vfs;         /* name of a file system registered with the host's SQLite; NULL: the usual */
    size_t vfs_length;
    duecare_context* context;  /* whose memory and log; may be NULL */
    const uint8_t* cipher_key; /* where the SQLite of the process is SQLCipher, what its sqlite3_key takes:
                                  the file is encrypted under it. NULL: not encrypted. Kept until the store is
                                  closed, for backups, which are encrypted under it too. */
    size_t cipher_key_length;  /* 1 to 1024 bytes */
} duecare_store_options;
#define DUECARE_STORE_OPTIONS_INIT \
    { sizeof(duecare_store_options), 0, 0, 0, NULL, 0, NULL, 0, NULL, NULL, 0 }
#define DUECARE_STORE_OPTIONS_SIZE_0_1 48 /* where pointers have 64 bits */

/** Writes the defaults, for callers that cannot use the macro. `size` is sizeof of the caller's structure. */
DUECARE_CHECKED duecare_status duecare_store_options_init(duecare_store_options* options,
                                                          size_t size) DUECARE_NOEXCEPT;
/** Opens a store; migrates a file of an older version, unless READ_ONLY; checks it when the last writer did
 *  not close it. A damaged one opens READ_ONLY, and then duecare_store_verify alone answers.
 *  @param[in] options  May be NULL: an existing file, to read and write.
 *  @return OK | NOT_FOUND: no such file | IO: it or its folder cannot be used | DATA: no store, or damaged
 *          | UNSUPPORTED: of a later version, or cipher_key without SQLCipher
 *          | INVALID_ARGUMENT: another key | BUSY */
DUECARE_CHECKED duecare_status duecare_store_open(const char* path, size_t path_length,
                                                  const duecare_store_options* options,
                                                  duecare_store** out_store,
                                                  duecare_error** error) DUECARE_NOEXCEPT;
/** Stores a run, whole or not at all: the policy, A and K, versions, rejects, counts, every obligation.
 *  @param[in] result  Of an audit with DUECARE_VERDICTS_ALL: without what was met, later runs could not tell
 *          what was resolved from what is gone.
 *  @param[in] info  JSON: {"recorded_at": "2026-01-31T09:00:00Z", "label": "January", "by": "DS Wells"};
 *          the last two may be missing.
 *  @param[out] into  JSON: {"run": 3, "is_new": true, "findings": 1200, "head": "64 hex digits"}. The run
 * that was put before, with the same policy, cases, A and K, has its old number and is_new false.
 *  @return OK | INVALID_ARGUMENT | INVALID_STATE: opened READ_ONLY | IO | BUSY */
DUECARE_CHECKED duecare_status duecare_store_put_run(duecare_store* store, const duecare_result* result,
                                                     const char* info, size_t info_length, duecare_text* into,
                                                     duecare_error** error) DUECARE_NOEXCEPT;
/** Stores one record of work. Nothing is overwritten: the latest of its subject counts. Where that says the
 *  very same already, `at` included, nothing is written: what failed may be put again without harm.
 *  @param[in] kind  "decision", "action", "manifest", "review", "adjudication" or "note".
 *  @param[in] json  Its fields (capi/GUIDE.md, "The store"): for a decision {"finding": "16 hex digits",
 *          "verdict": "accepted" | "disputed" | "explained" | "false_alarm", "by", "reason", "at"}. Of an
 *          action ({"id", "title", "status", "due_at", "owner", "finding" or "duty_id", "by", "reason",
 *          "at"}) what is missing, but "by", "reason" and "at", is taken from the latest record of that id
 *          and kept anew: each record is whole. null takes a due date, owner, finding or duty away.
 *  @param[out] into  JSON: {"record": 17, "is_new": true, "head": "64 hex digits"}
 *  @return OK | INVALID_ARGUMENT with a pointer into `json` | NOT_FOUND: its finding, duty or manifest is
 *          not there | INVALID_STATE: opened READ_ONLY | IO | BUSY */
DUECARE_CHECKED duecare_status duecare_store_put(duecare_store* store, const char* kind, size_t kind_length,
                                                 const char* json, size_t json_length, duecare_text* into,
                                                 duecare_error** error) DUECARE_NOEXCEPT;
/** Answers a question.
 *  @param[in] query  JSON: {"what": "runs" | "run" | "policy" | "findings" | "life" | "trend" | "records" |
 *          "precision" | "actions" | "case" | "head" | "info", ...} (capi/GUIDE.md, "The store"). "trend"
 *          and "life" go by the instants of the runs, A and then K, whenever they were stored; "life" from
 *          a later run to an earlier one is INVALID_ARGUMENT.
 *  @param[out] into  JSON; for "findings" and "life", JSON Lines: an object a line, the summary first.
 *  @return OK | INVALID_ARGUMENT with a pointer into `query` | NOT_FOUND: no such run | DATA | IO | BUSY */
DUECARE_CHECKED duecare_status duecare_store_query(duecare_store* store, const char* query,
                                                   size_t query_length, duecare_text* into,
                                                   duecare_error** error) DUECARE_NOEXCEPT;
/** Recomputes every digest.
 *  @param[in] expected_head  As it was written down: the chain must have gone through it; may be empty.
 *  @param[out] into  JSON: {"ok": true, "head": ..., "links": 12, "rows": 3400, "signatures": {"valid": 1,
 *          "unchecked": 0}, "faults": []}, with the first fault of each thing that does not fit: {"kind":
 *          "changed" | "missing" | "moved" | "inserted" | "head_rewritten" | "signature", "table", "id",
 *          "run", "message"}. The first of all stands first. A build without `signatures` checks none and
 *          says how many it left. Of a damaged file the faults are "unreadable": what SQLite's own check
 *          says and which tables are whole, then how far each other table can be read; "links" and "rows"
 *          count what can be read, unchecked.
 *  @return OK, also when there are faults | INVALID_ARGUMENT: no 64 hex digits | IO | BUSY | DATA: not even
 *          readable */
DUECARE_CHECKED duecare_status duecare_store_verify(duecare_store* store, const char* expected_head,
                                                    size_t expected_head_length, duecare_text* into,
                                                    duecare_error** error) DUECARE_NOEXCEPT;
/** As duecare_store_verify, and says which runs and manifests were signed by somebody who is trusted.
 *  @param[in] request  JSON: {"trusted": ["a public key: 64 hex digits, or PEM text"], "require_signatures":
 *          true: what none of them signed is a fault ("unsigned"), "head": as `expected_head` above}; each
 *          may be missing.
 *  @param[out] into  As there; where keys were given, with "signed": [{"run" or "record", "signature": 17,
 *          "by", "at", "public_key"}] and "unsigned": [{"run" or "record", "by_others": 0}], how many good
 *          signatures it has by keys that were not given.
 *  @return As there | INVALID_ARGUMENT with a pointer | UNSUPPORTED: a build without `signatures` */
DUECARE_CHECKED duecare_status duecare_store_verify_trusted(duecare_store* store, const char* request,
                                                            size_t request_length, duecare_text* into,
                                                            duecare_error** error) DUECARE_NOEXCEPT;
/** Signs a run, or a manifest, and with it all that was stored before it, by Ed25519 (RFC 8032). The
 *  signature is a record of the store, with the public key; it stays good when what it is of is pruned.
 *  @param[in] json  {"run": 3} or {"record": 17, of a manifest}, with "by" and "at".
 *  @param[in] pem  The private key, as `openssl genpkey -algorithm ed25519` writes it (PKCS#8, not
 *          encrypted). Read during the call alone; no copy of it is left in memory, and none is stored.
 *  @param[out] into  JSON: {"record": 18, "is_new": true, "head": "64 hex digits"}
 *  @return OK | INVALID_ARGUMENT: the request, with a pointer, or the key | NOT_FOUND | DATA: it is not as it
 *          was stored | INVALID_STATE: opened READ_ONLY, or the manifest was pruned | UNSUPPORTED: a build
 *          without `signatures` | IO | BUSY */
DUECARE_CHECKED duecare_status duecare_store_sign(duecare_store* store, const char* json, size_t json_length,
                                                  const char* pem, size_t pem_length, duecare_text* into,
                                                  duecare_error** error) DUECARE_NOEXCEPT;
/** Compares a result with a run of the store, finding by finding.
 *  @param[out] into  JSON: {"same": true, "policy", "caseload", "as_of", "known_at": true where they agree,
 *          "findings": 1200, "differences": [{"finding", "case_id", "duty_id", "field", "stored", "now"}]},
 *          at most 100 of them, by case; that a finding has another "place" comes last.
 *  @return OK, also when they differ | NOT_FOUND: no such run | INVALID_STATE: its findings were pruned */
DUECARE_CHECKED duecare_status duecare_store_compare_run(duecare_store* store, uint64_t run,
                                                         const duecare_result* result, duecare_text* into,
                                                         duecare_error** error) DUECARE_NOEXCEPT;
/** Removes what need not be kept and leaves its digests, so that the chain can still be verified.
 *  @param[in] request  JSON: {"before": instant: runs recorded before it, "what": ["findings", "histories",
 *          "records"], "at": instant, "by", "reason"}. Counts, policies and trends stay.
 *  @param[out] into  JSON: what went, and the new head.
 *  @return OK | INVALID_ARGUMENT with a pointer | INVALID_STATE: opened READ_ONLY | IO | BUSY */
DUECARE_CHECKED duecare_status duecare_store_prune(duecare_store* store, const char* request,
                                                   size_t request_length, duecare_text* into,
                                                   duecare_error** error) DUECARE_NOEXCEPT;
/** Copies the store as it is at this moment into a new file, while others may go on reading and writing.
 *  @return OK | INVALID_ARGUMENT: there is such a file | IO | BUSY */
DUECARE_CHECKED duecare_status duecare_store_backup(duecare_store* store, const char* path,
                                                    size_t path_length,
                                                    duecare_error** error) DUECARE_NOEXCEPT;
/** Closes the store. */
DUECARE_API void duecare_store_free(duecare_store* store) DUECARE_NOEXCEPT;

#if defined(__cplusplus)
}
#endif

#endif /* DUECARE_DUECARE_H */
