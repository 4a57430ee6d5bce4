// Arrow tables in, and the tables of a result out.
#include <utility>

#include "base/text.hpp"
#include "capi/change.hpp"
#include "capi/guard.hpp"
#include "findings/table.hpp"
#include "tables/import.hpp"

using namespace duecare;
using namespace duecare::capi;

namespace {

void append_report(std::string& out, const tables::ImportReport& report) {
    out += "{\"rows\":" + std::to_string(report.rows);
    out += ",\"dropped_rows\":" + std::to_string(report.dropped_rows) + ",\"unmapped\":[";
    bool first = true;
    for (const auto& [code, count] : report.unmapped) {
        if (!std::exchange(first, false)) out += ',';
        out += "{\"column\":";
        append_json_string(out, code.first);
        out += ",\"code\":";
        append_json_string(out, code.second);
        out += ",\"count\":" + std::to_string(count) + "}";
    }
    out += "],\"unused_columns\":[";
    first = true;
    for (const auto& [table, columns] : report.unused_columns) {
        for (const std::string& column : columns) {
            if (!std::exchange(first, false)) out += ',';
            out += "{\"table\":";
            append_json_string(out, table);
            out += ",\"column\":";
            append_json_string(out, column);
            out += '}';
        }
    }
    out += "]}";
}

}  // namespace

duecare_status duecare_tables_new(const char* mapping, size_t mapping_length, duecare_tables** out_tables,
                                  duecare_error** error) noexcept {
    return make(out_tables, error, [&] {
        const std::string_view json = need_text(mapping, mapping_length, "mapping");
        return std::make_unique<duecare_tables>(json.empty() ? tables::plain_mapping()
                                                             : tables::parse_mapping(json));
    });
}

duecare_status duecare_tables_set_context(duecare_tables* tables, duecare_context* context,
                                          duecare_error** error) noexcept {
    return guard(error, [&] { need(tables, "tables").context = context_of(context); });
}

duecare_status duecare_tables_add(duecare_tables* tables, const char* name, size_t name_length,
                                  struct ArrowArrayStream* stream, duecare_error** error) noexcept {
    const duecare_status status = guard(error, [&] {
        if (stream == nullptr) refuse("stream is NULL.");
        std::string table(need_text(name, name_length, "name"));
        duecare_tables& here = need(tables, "tables");
        if (here.is_committed)
            throw Error(Status::invalid_state, "These tables were committed before; make new ones.");
        here.import.add(std::move(table), *stream);
    });
    if (stream != nullptr && stream->release != nullptr) stream->release(stream);
    return status;
}

duecare_status duecare_caseload_add_tables(duecare_caseload* caseload, duecare_tables* tables,
                                           duecare_error** error) noexcept {
    return guard(error, [&] {
        duecare_tables& here = need(tables, "tables");
        if (here.is_committed)
            throw Error(Status::invalid_state, "These tables were committed before; make new ones.");
        change(caseload, [&](CaseloadState& state) {
            here.is_committed = true;
            state.open = false;
            here.import.commit(state.reader);
        });
    });
}

duecare_status duecare_tables_export_report(const duecare_tables* tables, duecare_text* into,
                                            duecare_error** error) noexcept {
    return write(into, error,
                 [&](std::string& text) { append_report(text, need(tables, "tables").import.report()); });
}

void duecare_tables_free(duecare_tables* tables) noexcept {
    if (is(tables)) delete tables;
}

duecare_status duecare_result_export_table(const duecare_result* result, duecare_table table, uint32_t flags,
                                           struct ArrowArrayStream* out_stream,
                                           duecare_error** error) noexcept {
    if (out_stream != nullptr) *out_stream = {};
    return guard(error, [&] {
        if (out_stream == nullptr) refuse("The place for the stream is NULL.");
        const std::shared_ptr<const ResultState> state = need(result, "result").state;
        if (table < DUECARE_TABLE_FINDINGS || table > DUECARE_TABLE_SERVICE)
            refuse("There is no table " + std::to_string(table) + "; expected one of DUECARE_TABLE_...");
        if ((flags & ~DUECARE_TABLE_EXPLANATIONS) != 0)
            refuse("flags has bits that this version does not know.");
        const std::shared_ptr<const evaluate::Result> shared(state, &state->result);
        findings::export_stream(
            findings::table_of(shared, static_cast<findings::TableKind>(table), flags != 0), *out_stream);
    });
}
