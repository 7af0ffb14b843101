#ifndef LANDWAITER_ANALYZER_ADVISORY_CODEC_H_
#define LANDWAITER_ANALYZER_ADVISORY_CODEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/types/span.h"
#include "analyzer/advisory/advisory.h"

// The values of the advisory database. A number is a varint (7 bits a byte,
// lowest first), a text its length and its bytes, a list its length and its
// items. kDbFormat grows with any change.
namespace landwaiter::analyzer::advisory {

inline constexpr std::string_view kDbFormat = "landwaiter-advisories-2";

// advisory, standing, names, statement, severity, modules, ranges (events
// (kind, version)), versions
std::string EncodeAffected(uint32_t advisory, const Affected& affected);
// The texts point into `bytes`. nullopt if the bytes are no such value.
std::optional<AffectedView> DecodeAffected(std::string_view bytes);

// The fields of Details in their order, aliases last.
std::string EncodeDetails(const Details& details);
std::optional<Details> DecodeDetails(std::string_view bytes);

// The fields of Enrichment in their order without the CVE, which is the key;
// what may be absent begins with 0 or 1.
std::string EncodeEnrichment(const Enrichment& enrichment);
std::optional<Enrichment> DecodeEnrichment(std::string_view cve,
                                           std::string_view bytes);

// A whole advisory as the canonical stream has it: its details as above, then
// its entries, each its ecosystem, its package and what EncodeAffected gives
// without the number in front.
std::string EncodeAdvisory(const Advisory& advisory);
std::optional<Advisory> DecodeAdvisory(std::string_view bytes);
// The same from parts that are encoded already.
struct EncodedEntry {
  std::string_view ecosystem, package, affected;
};
std::string JoinAdvisory(std::string_view details,
                         absl::Span<const EncodedEntry> entries);
// What EncodeAffected gave, without the number.
std::string_view WithoutNumber(std::string_view affected);

// A varint, in front of a frame of a stream.
void AppendNumber(uint64_t number, std::string& bytes);

// Adds what `more` says of the same CVE.
void Merge(const Enrichment& more, Enrichment& into);

// ecosystem, NUL, package, NUL: in front of a number of four bytes, highest
// first, that tells the entries of the package apart.
std::string KeyPrefix(std::string_view ecosystem, std::string_view package);
std::string BigEndian(uint32_t number);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_CODEC_H_
