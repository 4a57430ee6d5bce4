// From a chain of documents, each extending the next, to one policy that remembers where its parts stand.
#pragma once

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/document.hpp"

namespace duecare::policy {

struct Layer {
    std::string name;  // the policy's id, or its file while that is not known
    std::string text;
};

class Layered {
  public:
    /// Where everything read from the layers lives, so that parts move from one object to another and nothing
    /// is freed one by one.
    boost::json::storage_ptr storage = boost::json::make_shared_resource<boost::json::monotonic_resource>();
    boost::json::object merged{storage};  // without `extends` and disabled duties
    std::vector<Layer> layers;            // lowest first
    std::vector<Diagnostic> diagnostics;

    /// Adds an error or warning at a pointer into the merged policy, said at its place in the layer it
    /// comes from.
    void report(Diagnostic::Severity severity, std::string_view pointer, std::string message,
                std::string expression = {}, std::uint32_t column = 0);
    [[nodiscard]] bool failed() const noexcept;
    /// Errors first, then warnings; in each the document itself before those it extends, from top to bottom.
    void sort();
    /// Whether the value at this pointer stands in the document itself, not in one that it extends.
    [[nodiscard]] bool is_own(std::string_view pointer) const {
        return layer_index(pointer) + 1 == layers.size();
    }
    /// Which of `layers` the value at this pointer comes from.
    [[nodiscard]] std::size_t layer_index(std::string_view pointer) const { return origin_of(pointer).layer; }
    /// The lowest layer that gives something at this pointer or below it; the number of layers when none
    /// does.
    [[nodiscard]] std::size_t lowest_layer(std::string_view pointer) const;
    /// The name of the layer that the value at this pointer comes from.
    [[nodiscard]] const std::string& layer_of(std::string_view pointer) const;

  private:
    friend Layered merge_layers(const Document&, const std::vector<Document>&, const Resolver&);
    struct Origin {
        std::size_t layer = 0;
        std::string pointer;
    };
    [[nodiscard]] Origin origin_of(std::string_view pointer) const;
    struct Place {
        std::size_t layer = 0;
        std::size_t offset = 0;
        std::uint32_t column = 0;
    };
    void place(std::size_t layer, Diagnostic diagnostic);
    void report_in(std::size_t layer, std::string_view pointer, std::string message);
    struct DutyEntry {
        std::string id;
        boost::json::object fields;
        std::map<std::string, Origin> origins;
        Origin origin;
        bool dropped = false;
    };
    // These take the parts out of the documents.
    void apply(std::size_t layer, boost::json::object& document);
    void apply_duties(std::size_t layer, boost::json::value& duties);
    DutyEntry& entry_of(const std::string& id, Origin origin, bool& fresh);
    void finish();

    std::vector<DutyEntry> duties_;
    std::vector<Place> places_;  // of `diagnostics`
    std::map<std::string, Origin, std::less<>> origins_;
};

[[nodiscard]] Layered merge_layers(const Document& document, const std::vector<Document>& handed_over,
                                   const Resolver& resolver);

}  // namespace duecare::policy
