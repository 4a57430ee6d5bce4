#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "support.hpp"

namespace duecare::records {
namespace {

const std::vector<std::size_t> k_chunks = {1, 7, 4096};

std::string ids(const Caseload& c) {
    std::string all;
    for (const Case& one : c.cases) all += text_of(c, one.id) + "@" + std::to_string(one.document) + " ";
    return all;
}

std::string lines(const ReadReport& report) {
    std::string all;
    for (const Reject& reject : report.rejects) all += std::to_string(reject.line) + " ";
    return all;
}

/// Reads with several chunk sizes; all must give these cases ("A@1 B@2 ") and rejected lines ("3 ").
void expect_read(std::string_view text, std::string_view cases, std::string_view rejected) {
    for (const std::size_t chunk : k_chunks) {
        SCOPED_TRACE(chunk);
        const Read read = read_text(text, chunk);
        EXPECT_EQ(ids(read.caseload), cases);
        EXPECT_EQ(lines(read.report), rejected);
    }
}

std::string doc(std::string_view id) {
    return case_with(id, "");
}

std::string pretty(std::string_view id) {
    return "{\n  \"format\": \"duecare.case/1\",\n  \"id\": \"" + std::string(id) +
           "\",\n  \"events\": [\n  ]\n}\n";
}

TEST(Framer, Lines) {
    expect_read("", "", "");
    expect_read("\n \n\t\r\n", "", "");
    expect_read(doc("A") + "\n" + doc("B") + "\n", "A@1 B@2 ", "");
    expect_read(doc("A") + "\r\n\r\n  \r\n" + doc("B") + "\r\n", "A@1 B@4 ", "");
    expect_read(doc("A") + "\n" + doc("B"), "A@1 B@2 ", "");
    expect_read("\xEF\xBB\xBF" + doc("A") + "\n" + doc("B"), "A@1 B@2 ", "");
    expect_read("\n\n  " + doc("A") + "  \n", "A@3 ", "");
    expect_read(doc("A") + "\n[]\n42\n" + doc("B"), "A@1 B@4 ", "2 3 ");
    expect_read(doc("A") + "\n{\"format\":\n\"duecare.case/1\",\"id\":\"B\"}\n" + doc("C"), "A@1 C@4 ",
                "2 3 ");
    expect_read("\xEF\xBB", "", "1 ");
    expect_read("\xEF\xBBx\n" + doc("A"), "A@2 ", "1 ");
}

TEST(Framer, AFirstLineThatIsWrongIsOneLine) {
    expect_read("42\n" + doc("A"), "A@2 ", "1 ");
    expect_read("}\n" + doc("A"), "A@2 ", "1 ");
    expect_read("{\"format\": duecare\n" + doc("A"), "A@2 ", "1 ");
    expect_read("{\"format\": \"duecare.case/1\", \"id\": \"X\n" + doc("A"), "A@2 ",
                "1 ");  // inside a string
    expect_read("{\"format\": tru\n" + doc("A"), "A@2 ", "1 ");
}

TEST(Framer, AFirstLineThatIsCutOffDoesNotSwallowTheNext) {
    for (const std::string_view cut :
         {R"({"format":"duecare.case/1","id":"X","events":[)",
          R"({"format":"duecare.case/1","id":"X","events":[{"id":"e"},)",
          R"({"format":"duecare.case/1","id":"X","attributes":)", R"({"format":"duecare.case/1","id":"X")",
          "{", R"({"format":"duecare.case/1","id":"X","attributes":{"n":12)"}) {
        SCOPED_TRACE(cut);
        const std::string first(cut);
        expect_read(first + "\n" + doc("A") + "\n" + doc("B") + "\n", "A@2 B@3 ", "1 ");
        expect_read(first + "\n\n42\n" + doc("A") + "\n", "A@4 ", "1 3 ");
        expect_read(first + "\n" + doc("A") + "\n" + first + "\n" + doc("B"), "A@2 B@4 ", "1 3 ");
        expect_read(first + "\n", "", "1 ");
        expect_read(first, "", "1 ");
    }
}

TEST(Framer, ASingleDocumentOverManyLines) {
    expect_read(pretty("A"), "A@1 ", "");
    expect_read("\n\n" + pretty("A"), "A@3 ", "");
    expect_read(pretty("A") + pretty("B") + "\n" + doc("C"), "A@1 B@7 C@14 ", "");
    expect_read(
        "{\"format\": \"duecare.case/1\", \"id\": \"A\", \"events\": [\n"
        "{\"id\": \"e1\", \"type\": \"a\", \"occurred_at\": \"2022-01-01\"},\n"
        "{\"id\": \"e2\", \"type\": \"a\", \"occurred_at\": \"2022-01-01\"}\n]}",
        "A@1 ", "");
    // A line that is an object with a key "format", but no document.
    expect_read("{\"format\": \"duecare.case/1\", \"id\": \"A\", \"attributes\":\n{\"format\": \"pdf\"}\n}",
                "A@1 ", "");
}

TEST(Framer, ASingleDocumentThatIsWrongIsOneReject) {
    expect_read("{\n \"format\": \"duecare.case/1\",\n \"id\": 7\n}\n", "", "1 ");
    expect_read("{\n \"format\": \"duecare.case/1\",\n \"id\": \"A\n\n", "", "1 ");
    expect_read("{\n \"format\": \"duecare.case/1\",\n \"id\": oops\n}\n" + pretty("B"), "B@5 ", "1 ");
    const Read read = read_text("{\n \"format\": \"duecare.case/1\",\n \"id\": oops\n}\n");
    EXPECT_NE(read.report.rejects.at(0).reason.find("at byte 8 of line 3"), std::string::npos)
        << read.report.rejects[0].reason;
}

TEST(Framer, ASingleDocumentOverTheLimit) {
    ReaderOptions options;
    options.limits.document_bytes = 100;
    const std::string large = "{\n" + std::string(60, ' ') + "\n" + std::string(60, ' ') + "\n" + pretty("A");
    for (const std::size_t chunk : k_chunks) {
        const Read read = read_text(large + doc("B") + "\n" + doc("C"), chunk, options);
        EXPECT_EQ(lines(read.report), "1 ");
        EXPECT_EQ(ids(read.caseload), "B@10 C@11 ");
    }
}

TEST(Framer, Arrays) {
    expect_read("[]", "", "");
    expect_read("[" + doc("A") + "]", "A@1 ", "");
    expect_read(" [ " + doc("A") + " , " + doc("B") + " ] \n", "A@1 B@2 ", "");
    expect_read("[\n" + pretty("A") + ",\n" + pretty("B") + "]\n", "A@1 B@2 ", "");
    // Rejected at the line where the element begins.
    expect_read("[\n" + doc("A") +
                    ",\n{\"format\":\"duecare.case/1\",\n\"id\":\n7},\n42, \"]\", [1,\n[]],\n" + doc("B") +
                    "]",
                "A@1 B@6 ", "3 6 6 6 ");
    expect_read("[" + doc("A") + ",\n]", "A@1 ", "2 ");
    expect_read("[,\n" + doc("A") + "]", "A@1 ", "1 ");
    expect_read("[" + doc("A") + "\n" + doc("B") + "]", "A@1 B@2 ", "2 ");
    expect_read("[" + doc("A") + "\n", "A@1 ", "2 ");
    expect_read("[" + doc("A") + ",\n{\"format\":\n", "A@1 ", "2 3 ");
    expect_read("[tru, nul]\n" + doc("A"), "A@2 ", "1 1 ");
    expect_read("[" + doc("A") + "]\n" + doc("B") + "\n42\n", "A@1 B@2 ", "3 ");
    expect_read("[{\"format\":\"duecare.case/1\",\"id\":\"\\\"}]\\\\\"}]", "\"}]\\@1 ", "");
}

TEST(Framer, AnElementOverTheLimit) {
    ReaderOptions options;
    options.limits.document_bytes = 60;
    for (const std::size_t chunk : k_chunks) {
        const Read read = read_text(
            "[" + doc("A") + ",\n" + doc(std::string(60, 'x')) + ",\n" + doc("B") + "]", chunk, options);
        EXPECT_EQ(lines(read.report), "2 ");
        EXPECT_EQ(ids(read.caseload), "A@1 B@3 ");
    }
}

std::string gzip(std::string_view text) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string zstd(std::string_view text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
    ZSTD_freeCCtx(context);
    return out;
}

TEST(Decoder, GzipAndZstd) {
    const std::string first = "\xEF\xBB\xBF" + doc("A") + "\n" + doc("B").substr(0, 10);
    const std::string second = doc("B").substr(10) + "\n42\n";
    for (const auto& pack : {gzip, zstd}) {
        expect_read(pack(first + second), "A@1 B@2 ", "3 ");
        expect_read(pack(first) + pack(second), "A@1 B@2 ", "3 ");
        expect_read(pack(first) + pack("") + pack(second), "A@1 B@2 ", "3 ");
        expect_read(pack(""), "", "");
    }
    expect_read(gzip(first + second) + std::string(100, '\0'), "A@1 B@2 ", "3 ");
}

TEST(Decoder, DataThatEndsTooEarly) {
    std::string many;
    for (int i = 0; i < 5000; ++i) many += doc(std::to_string(i * 7919)) + "\n";
    for (const auto& pack : {gzip, zstd}) {
        const std::string packed = pack(many);
        std::string expected;
        for (const std::size_t chunk : k_chunks) {
            const Read read = read_text(packed.substr(0, packed.size() * 9 / 10), chunk);
            ASSERT_EQ(read.report.rejects.size(), 1U);
            EXPECT_NE(read.report.rejects[0].reason.find("ends too early"), std::string::npos);
            EXPECT_EQ(read.report.rejects[0].line, read.report.cases + 1);
            if (expected.empty()) expected = ids(read.caseload);
            EXPECT_EQ(ids(read.caseload), expected);
        }
        EXPECT_EQ(read_text(packed.substr(0, 3)).report.rejects.size(), 1U);
    }
}

TEST(Decoder, DamagedData) {
    for (const auto& pack : {gzip, zstd}) {
        const std::string packed = pack(doc("A") + "\n" + doc("B") + "\n");
        for (const std::size_t chunk : k_chunks) {
            EXPECT_EQ(read_text(packed + "rubbish", chunk).report.rejects.size(), 1U);
            std::string broken = packed;
            broken[broken.size() / 2] = static_cast<char>(broken[broken.size() / 2] ^ 0x55);
            // What was decoded before the checksum failed may have been rejected already.
            const Read read = read_text(broken, chunk);
            ASSERT_FALSE(read.report.rejects.empty());
            EXPECT_NE(read.report.rejects.back().reason.find("data"), std::string::npos);
        }
    }
}

TEST(Decoder, TheNextSourceIsJudgedAfresh) {
    Caseload caseload;
    Reader reader(caseload, {});
    reader.begin("a");
    reader.push(gzip(doc("A")).substr(0, 20));
    reader.begin("b");
    reader.push(doc("B"));
    reader.finish();
    EXPECT_EQ(ids(caseload), "B@1 ");
    EXPECT_EQ(reader.report().rejects.size(), 1U);
    EXPECT_EQ(reader.report().rejects[0].source, "a");
}

}  // namespace
}  // namespace duecare::records
