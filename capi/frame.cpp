#include "sampling/frame.hpp"

#include "capi/arrays.hpp"
#include "capi/guard.hpp"
#include "sampling/ticket.hpp"

using namespace duecare;
using namespace duecare::capi;

namespace {

std::optional<std::int64_t> size_of(std::int64_t size) {
    return size == DUECARE_SIZE_NONE ? std::nullopt : std::optional(size);
}

/// Adds by `body`; takes everything back that it added when it fails.
template <typename Body>
void all_or_nothing(sampling::Frame& frame, Body body) {
    const std::size_t before = frame.count();
    try {
        body();
    } catch (...) {
        if (!frame.finished()) frame.truncate(before);
        throw;
    }
}

const sampling::Frame* finished(const duecare_frame* frame) noexcept {
    return is(frame) && frame->frame->finished() ? frame->frame.get() : nullptr;
}

}  // namespace

duecare_status duecare_ticket_compute(const char* seed, size_t seed_length, const char* id, size_t id_length,
                                      uint8_t* out_ticket, duecare_error** error) noexcept {
    return guard(error, [&] {
        if (out_ticket == nullptr) refuse("out_ticket is NULL.");
        const sampling::TicketMaker maker(need_bytes(seed, seed_length, "seed"));
        const std::string_view text = need_bytes(id, id_length, "id");
        sampling::require_id(text, "The ticket");
        const sampling::Ticket ticket = maker.of(text);
        std::memcpy(out_ticket, ticket.data(), ticket.size());
    });
}

duecare_status duecare_ticket_compute_many(const char* seed, size_t seed_length, uint64_t count,
                                           const char* ids, const int64_t* offsets, uint8_t* out_tickets,
                                           duecare_error** error) noexcept {
    return guard(error, [&] {
        const sampling::TicketMaker maker(need_bytes(seed, seed_length, "seed"));
        const Texts texts(count, ids, offsets, "ids");
        if (out_tickets == nullptr && count > 0) refuse("out_tickets is NULL.");
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::string_view id = texts[i];
            if (!sampling::is_id(id)) sampling::require_id(id, "Ticket " + std::to_string(i + 1));
            const sampling::Ticket ticket = maker.of(id);
            std::memcpy(out_tickets + i * ticket.size(), ticket.data(), ticket.size());
        }
    });
}

duecare_status duecare_frame_new(duecare_frame** out_frame, duecare_error** error) noexcept {
    return make(out_frame, error,
                [] { return std::make_unique<duecare_frame>(std::make_shared<sampling::Frame>()); });
}

duecare_status duecare_frame_set_context(duecare_frame* frame, duecare_context* context,
                                         duecare_error** error) noexcept {
    return guard(error, [&] { need(frame, "frame").context = context_of(context); });
}

duecare_status duecare_frame_push(duecare_frame* frame, const char* id, size_t id_length, const char* stratum,
                                  size_t stratum_length, int64_t size, duecare_error** error) noexcept {
    return guard(error, [&] {
        sampling::Frame& here = *need(frame, "frame").frame;
        all_or_nothing(here, [&] {
            here.push(need_bytes(id, id_length, "id"), need_bytes(stratum, stratum_length, "stratum"),
                      size_of(size));
        });
    });
}

duecare_status duecare_frame_push_many(duecare_frame* frame, uint64_t count, const char* ids,
                                       const int64_t* offsets, const char* strata,
                                       const int64_t* stratum_offsets, const int64_t* sizes,
                                       duecare_error** error) noexcept {
    return guard(error, [&] {
        sampling::Frame& here = *need(frame, "frame").frame;
        const Texts names(count, ids, offsets, "ids");
        std::optional<Texts> groups;
        if (strata != nullptr || stratum_offsets != nullptr)
            groups.emplace(count, strata, stratum_offsets, "strata");
        all_or_nothing(here, [&] {
            for (std::uint64_t i = 0; i < count; ++i) {
                here.push(names[i], groups ? (*groups)[i] : std::string_view(),
                          sizes == nullptr ? std::nullopt : size_of(sizes[i]));
            }
        });
    });
}

duecare_status duecare_frame_push_frame(duecare_frame* frame, const duecare_frame* other, const char* prefix,
                                        size_t prefix_length, const char* stratum_prefix,
                                        size_t stratum_prefix_length, duecare_error** error) noexcept {
    return guard(error, [&] {
        sampling::Frame& here = *need(frame, "frame").frame;
        const sampling::Frame& from = *need(other, "other").frame;
        if (&here == &from) refuse("A frame cannot be added to itself.");
        all_or_nothing(here, [&] {
            here.push_frame(from, need_bytes(prefix, prefix_length, "prefix"),
                            need_bytes(stratum_prefix, stratum_prefix_length, "stratum_prefix"));
        });
    });
}

duecare_status duecare_frame_finish(duecare_frame* frame, duecare_error** error) noexcept {
    return guard(error, [&] { need(frame, "frame").frame->finish(); });
}

uint64_t duecare_frame_count_units(const duecare_frame* frame) noexcept {
    return is(frame) ? frame->frame->count() : 0;
}

uint64_t duecare_frame_count_strata(const duecare_frame* frame) noexcept {
    return is(frame) ? frame->frame->strata().size() : 0;
}

const char* duecare_frame_get_stratum_name(const duecare_frame* frame, uint64_t stratum,
                                           size_t* out_length) noexcept {
    if (stratum >= duecare_frame_count_strata(frame)) return give_nothing(out_length);
    return give(frame->frame->strata()[stratum].name, out_length);
}

uint64_t duecare_frame_get_stratum_count(const duecare_frame* frame, uint64_t stratum) noexcept {
    if (stratum >= duecare_frame_count_strata(frame)) return 0;
    return frame->frame->strata()[stratum].units.size();
}

const char* duecare_frame_get_digest(const duecare_frame* frame, size_t* out_length) noexcept {
    return is(frame) ? give(frame->frame->digest(), out_length) : give_nothing(out_length);
}

const char* duecare_frame_get_order_digest(const duecare_frame* frame, size_t* out_length) noexcept {
    return is(frame) ? give(frame->frame->order_digest(), out_length) : give_nothing(out_length);
}

duecare_status duecare_frame_export_canonical(const duecare_frame* frame, duecare_text* into,
                                              duecare_error** error) noexcept {
    return write(into, error, [&](std::string& text) {
        static_cast<void>(need(frame, "frame"));
        if (finished(frame) == nullptr) throw Error(Status::invalid_state, "The frame is not finished.");
        text = frame->frame->canonical();
    });
}

void duecare_frame_free(duecare_frame* frame) noexcept {
    if (is(frame)) delete frame;
}
