#include "core/wire/finding.h"

#include <algorithm>

namespace landwaiter::wire {
namespace {

// The enums of both sides have their values in the same order; a value past
// the last is from a newer peer.
template <typename To, typename From>
To EnumAs(From value, int last) {
  const int number = static_cast<int>(value);
  return static_cast<To>(number >= 0 && number <= last ? number : 0);
}
constexpr int kLastSeverity = static_cast<int>(model::Severity::kCritical);
constexpr int kLastCategory = static_cast<int>(model::Category::kApplication);
constexpr int kLastState = static_cast<int>(model::FindingState::kEndOfLife);
static_assert(kLastSeverity == v1::SEVERITY_CRITICAL);
static_assert(kLastCategory == v1::FINDING_CATEGORY_APPLICATION);
static_assert(kLastState == v1::FINDING_STATE_END_OF_LIFE);
static_assert(static_cast<int>(model::FindingState::kWillNotFix) ==
              v1::FINDING_STATE_WILL_NOT_FIX);

// What it is, and in what.
void PutSubject(const model::Finding& from, v1::Finding* to) {
  to->set_id(from.id);
  to->set_category(EnumAs<v1::FindingCategory>(from.category, kLastCategory));
  to->set_advisory(from.advisory);
  for (const std::string& alias : from.aliases) to->add_aliases(alias);
  to->set_package(from.package);
  to->set_source_package(from.source_package);
  to->set_type(from.type);
  to->set_installed_version(from.installed_version);
  to->set_path(from.path);
  to->set_location(from.location);
  to->set_declared(from.declared);
  to->set_development(from.development);
}

void TakeSubject(const v1::Finding& from, model::Finding& to) {
  to.id = from.id();
  to.category = EnumAs<model::Category>(from.category(), kLastCategory);
  to.advisory = from.advisory();
  to.aliases.assign(from.aliases().begin(), from.aliases().end());
  to.package = from.package();
  to.source_package = from.source_package();
  to.type = from.type();
  to.installed_version = from.installed_version();
  to.path = from.path();
  to.location = from.location();
  to.declared = from.declared();
  to.development = from.development();
}

}  // namespace

v1::Severity ToProto(model::Severity severity) {
  return EnumAs<v1::Severity>(severity, kLastSeverity);
}

model::Severity FromProto(v1::Severity severity) {
  return EnumAs<model::Severity>(severity, kLastSeverity);
}

void ToProto(const model::SeverityCounts& from, v1::SeverityCounts* to) {
  to->set_critical(from.critical);
  to->set_high(from.high);
  to->set_medium(from.medium);
  to->set_low(from.low);
  to->set_unknown(from.unknown);
}

model::SeverityCounts FromProto(const v1::SeverityCounts& from) {
  return {from.critical(), from.high(), from.medium(), from.low(),
          from.unknown()};
}

void ToProto(const model::Finding& from, v1::Finding* to) {
  PutSubject(from, to);
  to->set_severity(ToProto(from.severity));
  to->set_severity_source(from.severity_source);
  to->set_priority(from.priority);
  to->set_exploited(from.exploited);
  to->set_epss(from.epss);
  to->set_state(EnumAs<v1::FindingState>(from.state, kLastState));
  to->set_statement(from.statement);
  to->set_summary(from.summary);
  to->set_fixed_version(from.fixed_version);
  to->set_fix_command(from.fix_command);
  to->set_impact(from.impact);
  to->set_feed(from.feed);
  to->set_range(from.range);
  to->set_database(from.database);
  to->set_layer(from.layer.text());
  to->set_instruction(from.instruction);
}

model::Finding FromProto(const v1::Finding& from) {
  model::Finding to;
  TakeSubject(from, to);
  to.severity = FromProto(from.severity());
  to.severity_source = from.severity_source();
  to.priority = static_cast<uint8_t>(std::min(from.priority(), 100u));
  to.exploited = from.exploited();
  to.epss = from.epss();
  to.state = EnumAs<model::FindingState>(from.state(), kLastState);
  to.statement = from.statement();
  to.summary = from.summary();
  to.fixed_version = from.fixed_version();
  to.fix_command = from.fix_command();
  to.impact = from.impact();
  to.feed = from.feed();
  to.range = from.range();
  to.database = from.database();
  to.layer = model::Digest::Parse(from.layer()).value_or(model::Digest());
  to.instruction = from.instruction();
  return to;
}

}  // namespace landwaiter::wire
