#include "capi/guard.hpp"

using namespace duecare::capi;

duecare_status duecare_text_new(duecare_text** out_text, duecare_error** error) noexcept {
    return make(out_text, error, [] { return std::make_unique<duecare_text>(); });
}

const char* duecare_text_get(const duecare_text* text, size_t* out_length) noexcept {
    return is(text) ? give(text->content, out_length) : give_nothing(out_length);
}

duecare_status duecare_text_set(duecare_text* text, const char* bytes, size_t length,
                                duecare_error** error) noexcept {
    return guard(error, [&] { need(text, "text").content = need_bytes(bytes, length, "bytes"); });
}

void duecare_text_free(duecare_text* text) noexcept {
    if (is(text)) delete text;
}
