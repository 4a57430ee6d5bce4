// size(), contains(), startsWith(), endsWith(), rank() and mentions().
#include "evaluate/interpreter.hpp"

#include <algorithm>
#include <vector>

namespace duecare::evaluate {

using policy::Node;
using policy::Op;
using policy::Val;
using Kind = policy::Val::Kind;

namespace {

std::int64_t characters(std::string_view text) {
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

char folded(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view word, std::string_view folded_word) {
    if (word.size() != folded_word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (folded(word[i]) != folded_word[i]) return false;
    }
    return true;
}

bool mentions_any(std::string_view text, const std::vector<policy::Phrase>& phrases) {
    std::vector<std::string_view> words;
    policy::for_each_word(text, [&](std::string_view word) { words.push_back(word); });
    for (const policy::Phrase& phrase : phrases) {
        if (phrase.empty() || phrase.size() > words.size()) continue;
        for (std::size_t at = 0; at + phrase.size() <= words.size(); ++at) {
            std::size_t i = 0;
            while (i < phrase.size() && same_word(words[at + i], phrase[i])) ++i;
            if (i == phrase.size()) return true;
        }
    }
    return false;
}

}  // namespace

Val Interpreter::run_text(const Node& node, const Context& context) {
    const Val target = run(node.a, context);
    if (node.op == Op::size) {
        if (target.is_unknown()) return target;
        if (target.kind == Kind::text) return Val::of(characters(target.text()));
        if (target.kind == Kind::list) return Val::of(std::int64_t{target.size});
        return missing(node);
    }
    const Val part = run(node.b, context);
    if (target.is_unknown()) return target;
    if (part.is_unknown()) return part;
    if (target.kind != Kind::text || part.kind != Kind::text) return missing(node);
    if (node.op == Op::contains) return Val::of(target.text().find(part.text()) != std::string_view::npos);
    if (node.op == Op::starts_with) return Val::of(target.text().starts_with(part.text()));
    return Val::of(target.text().ends_with(part.text()));
}

Val Interpreter::run_rank(const Node& node, const Context& context) {
    const Val name = run(node.a, context);
    if (name.is_unknown()) return name;
    if (name.kind != Kind::text) return missing(node);
    const auto found = binding_.program.rank_numbers.find(name.text());
    if (found != binding_.program.rank_numbers.end()) return Val::of(found->second);
    return Val::unknown(scratch_.join("unknown_rank: ", name.text()));
}

Val Interpreter::run_mentions(const Node& node, const Context& context) {
    const Val text = run(node.a, context);
    if (node.c != 0) {
        if (text.is_unknown()) return text;
        if (text.kind != Kind::text) return missing(node);
        return Val::of(mentions_any(text.text(), binding_.program.phrase_lists[node.c - 1]));
    }
    const Val list = run(node.b, context);
    if (text.is_unknown()) return text;
    if (list.is_unknown()) return list;
    if (text.kind != Kind::text || list.kind != Kind::list) return missing(node);
    std::vector<policy::Phrase> phrases;
    for (std::uint32_t i = 0; i < list.size; ++i) {
        if (list.items[i].kind != Kind::text) return missing(node);
        phrases.push_back(policy::words_of(list.items[i].text()));
    }
    return Val::of(mentions_any(text.text(), phrases));
}

}  // namespace duecare::evaluate
