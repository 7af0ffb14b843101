#include "agent/extract/lang/elixir/elixir.h"

#include <array>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/line_reader.h"

namespace landwaiter::agent::extract::lang {
namespace {

// Cuts `text` after the first `mark` and gives what was before it.
std::string_view CutTo(std::string_view& text, std::string_view mark) {
  const size_t at = text.find(mark);
  if (at == text.npos) return text = {};
  const std::string_view before = text.substr(0, at);
  text.remove_prefix(at + mark.size());
  return before;
}

absl::Status ReadLock(std::string_view, File& file, PackageList& packages) {
  text::LineReader lines(file);
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto line, lines.Next());
    if (!line.has_value()) return absl::OkStatus();
    std::string_view rest = base::Strip(*line);
    if (!rest.starts_with('"')) continue;
    CutTo(rest, "{:hex,");
    CutTo(rest, ":");
    std::string_view name = base::Strip(CutTo(rest, ","));
    if (name.starts_with('"') && name.ends_with('"') && name.size() > 1) {
      name = name.substr(1, name.size() - 2);  // :"odd-name"
    }
    CutTo(rest, "\"");
    model::Package package = Declared("hex");
    package.name = name;
    package.version = CutTo(rest, "\"");
    LANDWAITER_RETURN_IF_ERROR(Keep(std::move(package), packages));
  }
}

// Erlang's: {<<"as">>,{pkg,<<"name">>,<<"1.2.3">>},0}, a package a line.
absl::Status ReadRebarLock(std::string_view, File& file,
                           PackageList& packages) {
  text::LineReader lines(file);
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto line, lines.Next());
    if (!line.has_value()) return absl::OkStatus();
    std::string_view rest = *line;
    CutTo(rest, "{pkg,<<\"");
    model::Package package = Declared("hex");
    package.name = CutTo(rest, "\">>");
    CutTo(rest, "<<\"");
    package.version = CutTo(rest, "\">>");
    LANDWAITER_RETURN_IF_ERROR(Keep(std::move(package), packages));
  }
}

constexpr std::array<Format, 2> kFormats = {{
    {[](std::string_view path) { return Named(path, "mix.lock"); }, ReadLock},
    {[](std::string_view path) { return Named(path, "rebar.lock"); },
     ReadRebarLock},
}};

}  // namespace

Elixir::Elixir() : Formats("lang/elixir", 2, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
