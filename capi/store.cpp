#include "store/store.hpp"

#include <algorithm>

#include "capi/guard.hpp"
#include "capi/log.hpp"

using namespace duecare;
using namespace duecare::capi;

namespace {

constexpr std::uint32_t k_store_flags =
    DUECARE_STORE_READ_ONLY | DUECARE_STORE_CREATE | DUECARE_STORE_RELAXED;
constexpr std::size_t k_least_store = offsetof(duecare_store_options, vfs_length) + sizeof(std::size_t);
constexpr std::uint32_t k_usual_wait_ms = 5000;
constexpr std::uint32_t k_longest_wait_ms = 0x7FFF'FFFF;
constexpr std::size_t k_shortest_key = 16;
constexpr std::size_t k_longest_key = 1024;

static_assert(DUECARE_STORE_KEEP_IDENTITY == static_cast<int>(store::Keep::identity));
static_assert(DUECARE_STORE_KEEP_EVIDENCE == static_cast<int>(store::Keep::evidence));
static_assert(DUECARE_STORE_KEEP_HISTORIES == static_cast<int>(store::Keep::histories));

store::OpenOptions open_options(const duecare_store_options* given) {
    const duecare_store_options options = need_options(given, k_least_store, k_store_flags);
    use_context(options.context);
    store::OpenOptions out;
    out.read_only = (options.flags & DUECARE_STORE_READ_ONLY) != 0;
    out.create = (options.flags & DUECARE_STORE_CREATE) != 0;
    out.relaxed = (options.flags & DUECARE_STORE_RELAXED) != 0;
    if (out.read_only && out.create) refuse("A store cannot be created and opened to read only at once.");
    if (options.busy_ms > k_longest_wait_ms)
        refuse("The wait for other writers (busy_ms) is longer than 24 days.");
    out.busy_ms = options.busy_ms == 0 ? k_usual_wait_ms : options.busy_ms;
    if (options.keep < DUECARE_STORE_KEEP_IDENTITY || options.keep > DUECARE_STORE_KEEP_HISTORIES)
        refuse("keep is " + std::to_string(options.keep) + "; expected is one of DUECARE_STORE_KEEP_...");
    out.keep = static_cast<store::Keep>(options.keep);
    out.key = need_bytes(options.key, options.key_length, "key");
    if (options.key != nullptr && (out.key.size() < k_shortest_key || out.key.size() > k_longest_key))
        refuse("The key of pseudonyms has 16 to 1024 bytes.");
    if (!out.key.empty() && out.keep == store::Keep::histories)
        refuse("Histories name everybody; they cannot be kept under pseudonyms.");
    out.vfs = need_text(options.vfs, options.vfs_length, "vfs");
    out.cipher_key = need_bytes(options.cipher_key, options.cipher_key_length, "cipher_key");
    if (options.cipher_key != nullptr && (out.cipher_key.empty() || out.cipher_key.size() > k_longest_key))
        refuse("The key of an encrypted store (cipher_key) has 1 to 1024 bytes.");
    return out;
}

}  // namespace

duecare_status duecare_store_options_init(duecare_store_options* options, size_t size) noexcept {
    return init_options(options, size, k_least_store);
}

duecare_status duecare_store_open(const char* path, size_t path_length, const duecare_store_options* options,
                                  duecare_store** out_store, duecare_error** error) noexcept {
    return make(out_store, error, [&] {
        store::OpenOptions opening = open_options(options);
        return std::make_unique<duecare_store>(std::string(need_bytes(path, path_length, "path")),
                                               std::move(opening));
    });
}

duecare_status duecare_store_put_run(duecare_store* store, const duecare_result* result, const char* info,
                                     size_t info_length, duecare_text* into, duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        duecare_store& here = need(store, "store");
        const std::shared_ptr<const ResultState> state = need(result, "result").state;
        const store::RunSource source{(*state->lease).reader.report(), DUECARE_VERSION_STRING,
                                      need_text(info, info_length, "info")};
        text = here.store.put_run(state->result, source);
        LogLine(DUECARE_LOG_INFO, "run.put").add("findings", state->result.findings.size());
    });
}

duecare_status duecare_store_put(duecare_store* store, const char* kind, size_t kind_length, const char* json,
                                 size_t json_length, duecare_text* into, duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        text = need(store, "store")
                   .store.put(need_text(kind, kind_length, "kind"), need_text(json, json_length, "json"));
    });
}

duecare_status duecare_store_query(duecare_store* store, const char* query, size_t query_length,
                                   duecare_text* into, duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        text = need(store, "store").store.query(need_text(query, query_length, "query"));
    });
}

duecare_status duecare_store_verify(duecare_store* store, const char* expected_head,
                                    size_t expected_head_length, duecare_text* into,
                                    duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        text = need(store, "store")
                   .store.verify(need_text(expected_head, expected_head_length, "expected_head"));
    });
}

duecare_status duecare_store_verify_trusted(duecare_store* store, const char* request, size_t request_length,
                                            duecare_text* into, duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        text = need(store, "store").store.verify_trusted(need_text(request, request_length, "request"));
    });
}

duecare_status duecare_store_sign(duecare_store* store, const char* json, size_t json_length, const char* pem,
                                  size_t pem_length, duecare_text* into, duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        duecare_store& here = need(store, "store");
        text = here.store.sign(need_text(json, json_length, "json"), need_bytes(pem, pem_length, "pem"));
    });
}

duecare_status duecare_store_compare_run(duecare_store* store, uint64_t run, const duecare_result* result,
                                         duecare_text* into, duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        duecare_store& here = need(store, "store");
        const std::shared_ptr<const ResultState> state = need(result, "result").state;
        const auto most = static_cast<uint64_t>(INT64_MAX);  // no store has as many
        text = here.store.compare_run(static_cast<std::int64_t>(std::min(run, most)), state->result);
    });
}

duecare_status duecare_store_prune(duecare_store* store, const char* request, size_t request_length,
                                   duecare_text* into, duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        text = need(store, "store").store.prune(need_text(request, request_length, "request"));
    });
}

duecare_status duecare_store_backup(duecare_store* store, const char* path, size_t path_length,
                                    duecare_error** error) noexcept {
    return guard(error, [&] {
        need(store, "store").store.backup(std::string(need_bytes(path, path_length, "path")));
    });
}

void duecare_store_free(duecare_store* store) noexcept {
    if (is(store)) delete store;
}
