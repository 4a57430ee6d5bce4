// Memory and log of the host's.
#include "capi/guard.hpp"

using namespace duecare;
using namespace duecare::capi;

namespace {

#if defined(DUECARE_WITHOUT_MEMORY)
constexpr bool k_has_memory = false;
#else
constexpr bool k_has_memory = true;
#endif

// Where pointers have 32 bits the structure was smaller from the first.
constexpr std::size_t k_least_context =
    offsetof(duecare_context_options, reserved) + sizeof(duecare_context_options::reserved);

duecare_context_options checked(const duecare_context_options* given) {
    const duecare_context_options options = need_options(given, k_least_context, 0);
    if (options.reserved != 0) refuse("reserved must be 0.");
    if ((options.allocate == nullptr) != (options.release == nullptr))
        refuse("Of allocate and release one is NULL; memory has to be taken back by whoever gave it.");
    if (options.log_level < 0 || options.log_level > DUECARE_LOG_ERROR)
        refuse("log_level is " + std::to_string(options.log_level) + "; expected is 0 or a DUECARE_LOG_...");
    if (!k_has_memory && (options.allocate != nullptr || options.max_bytes != 0)) {
        throw Error(
            Status::unsupported,
            "This build of the library takes its memory from the process; a context can only have a log.");
    }
    return options;
}

}  // namespace

duecare_status duecare_context_options_init(duecare_context_options* options, size_t size) noexcept {
    return init_options(options, size, k_least_context);
}

duecare_status duecare_context_new(const duecare_context_options* options, duecare_context** out_context,
                                   duecare_error** error) noexcept {
    return make(out_context, error, [&] {
        const duecare_context_options given = checked(options);
        auto context = std::make_unique<duecare_context>();
        context->shared = ContextRef::make(given);  // last: what fails before it does not call `destroy`
        return context;
    });
}

uint64_t duecare_context_get_used(const duecare_context* context) noexcept {
    return is(context) ? context->shared.get()->used() : 0;
}

uint64_t duecare_context_get_peak(const duecare_context* context) noexcept {
    return is(context) ? context->shared.get()->peak() : 0;
}

void duecare_context_free(duecare_context* context) noexcept {
    if (is(context)) delete context;
}
