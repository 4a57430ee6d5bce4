#include <optional>
#include <utility>

#include "capi/guard.hpp"
#include "capi/log.hpp"

using namespace duecare;
using namespace duecare::capi;

namespace {

/// Asks the host for layers. After the host has stopped the compilation it is not asked again.
class HostResolver {
  public:
    HostResolver(duecare_resolver_fn call, void* user_data) : call_(call), user_data_(user_data) {}

    std::optional<policy::Document> operator()(std::string_view id) {
        if (call_ == nullptr || code_ != 0) return std::nullopt;
        const std::string with_end(id);
        duecare_text name;
        duecare_text json;
        const std::int32_t code = call_(with_end.c_str(), with_end.size(), &name, &json, user_data_);
        if (code == DUECARE_STATUS_OK)
            return policy::Document{std::move(name.content), std::move(json.content)};
        if (code != DUECARE_STATUS_NOT_FOUND) {
            code_ = code;
            id_ = with_end;
        }
        return std::nullopt;
    }

    void throw_if_stopped(Call& call) const {
        if (code_ == 0) return;
        call.callback_code = code_;
        const bool known = std::string_view(duecare_status_get_name(code_)) != "UNKNOWN";
        throw Error(known ? static_cast<Status>(code_) : Status::cancelled,
                    "The resolver stopped the compilation when it was asked for the policy \"" + id_ + "\".",
                    {}, id_);
    }

  private:
    duecare_resolver_fn call_;
    void* user_data_;
    std::int32_t code_ = 0;
    std::string id_;
};

std::unique_ptr<duecare_policy> compile(const duecare_compiler& compiler, std::string_view name,
                                        std::string_view json, Call& call) {
    HostResolver resolver(compiler.resolver, compiler.user_data);
    policy::Compiled compiled =
        policy::compile({std::string(name), std::string(json)}, compiler.layers, std::ref(resolver),
                        compiler.zones ? compiler.zones : time::ZoneData::embedded());
    resolver.throw_if_stopped(call);
    if (!compiled.policy) throw NotCompiled{std::move(compiled.diagnostics)};
    LogLine(compiled.diagnostics.empty() ? DUECARE_LOG_INFO : DUECARE_LOG_WARNING, "policy.compiled")
        .add("policy", compiled.policy->program().id)
        .add("duties", compiled.policy->program().duties.size())
        .add("warnings", compiled.diagnostics.size());
    return std::make_unique<duecare_policy>(std::move(compiled.policy), std::move(compiled.diagnostics));
}

}  // namespace

duecare_status duecare_compiler_new(duecare_compiler** out_compiler, duecare_error** error) noexcept {
    return make(out_compiler, error, [] { return std::make_unique<duecare_compiler>(); });
}

duecare_status duecare_compiler_set_context(duecare_compiler* compiler, duecare_context* context,
                                            duecare_error** error) noexcept {
    return guard(error, [&] { need(compiler, "compiler").context = context_of(context); });
}

duecare_status duecare_compiler_set_zones(duecare_compiler* compiler, const duecare_zones* zones,
                                          duecare_error** error) noexcept {
    return guard(error, [&] {
        duecare_compiler& here = need(compiler, "compiler");
        here.zones = zones == nullptr ? nullptr : need(zones, "zones").data;
    });
}

duecare_status duecare_compiler_add_layer(duecare_compiler* compiler, const char* name, size_t name_length,
                                          const char* json, size_t json_length,
                                          duecare_error** error) noexcept {
    return guard(error, [&] {
        duecare_compiler& here = need(compiler, "compiler");
        here.layers.push_back({std::string(need_text(name, name_length, "name")),
                               std::string(need_bytes(json, json_length, "json"))});
    });
}

duecare_status duecare_compiler_set_resolver(duecare_compiler* compiler, duecare_resolver_fn resolver,
                                             void* user_data, duecare_destroy_fn destroy,
                                             duecare_error** error) noexcept {
    const duecare_status status = guard(error, [&] {
        duecare_compiler& here = need(compiler, "compiler");
        const duecare_destroy_fn old_destroy = here.destroy;
        void* old_data = here.user_data;
        here.resolver = resolver;
        here.user_data = user_data;
        here.destroy = destroy;
        if (old_destroy != nullptr) old_destroy(old_data);
    });
    if (status != DUECARE_STATUS_OK && destroy != nullptr) destroy(user_data);
    return status;
}

duecare_status duecare_compiler_compile(duecare_compiler* compiler, const char* name, size_t name_length,
                                        const char* json, size_t json_length, duecare_policy** out_policy,
                                        duecare_error** error) noexcept {
    return make(out_policy, error, [&](Call& call) {
        return compile(need(compiler, "compiler"), need_text(name, name_length, "name"),
                       need_bytes(json, json_length, "json"), call);
    });
}

void duecare_compiler_free(duecare_compiler* compiler) noexcept {
    if (is(compiler)) delete compiler;
}

duecare_status duecare_policy_compile(const char* name, size_t name_length, const char* json,
                                      size_t json_length, duecare_policy** out_policy,
                                      duecare_error** error) noexcept {
    return make(out_policy, error, [&](Call& call) {
        const duecare_compiler compiler;
        return compile(compiler, need_text(name, name_length, "name"), need_bytes(json, json_length, "json"),
                       call);
    });
}
