#include "analyzer/detect/build_steps.h"

#include <string_view>
#include <vector>

#include "core/base/strings.h"

namespace landwaiter::analyzer::detect {
namespace {

constexpr size_t kMaxText = 200;

// What builders write in front of an instruction, or instead of RUN.
std::string Instruction(std::string_view created_by) {
  constexpr std::string_view kShell = "/bin/sh -c ";
  constexpr std::string_view kNothing = "#(nop) ";
  constexpr std::string_view kBuildkit = "# buildkit";
  std::string_view text = base::Strip(created_by);
  if (text.ends_with(kBuildkit)) {
    text.remove_suffix(kBuildkit.size());
    text = base::Strip(text);
  }
  bool run = false;
  // "|2 A=1 B=2 /bin/sh -c ..." has the arguments of the build in front.
  if (text.starts_with('|')) {
    const size_t shell = text.find(kShell);
    if (shell != text.npos) text.remove_prefix(shell);
  }
  if (text.starts_with(kShell)) {
    text.remove_prefix(kShell.size());
    run = !text.starts_with(kNothing);
    if (!run) text.remove_prefix(kNothing.size());
  }
  return base::Printable(base::StrCat(run ? "RUN " : "", base::Strip(text)),
                         kMaxText);
}

}  // namespace

std::map<model::Digest, std::string> BuildSteps(
    const model::Inventory& inventory) {
  std::vector<const model::HistoryEntry*> steps;
  for (const model::HistoryEntry& entry : inventory.config.history) {
    if (!entry.empty_layer) steps.push_back(&entry);
  }
  std::map<model::Digest, std::string> by_layer;
  if (steps.size() != inventory.layers.size()) return by_layer;
  for (size_t i = 0; i < steps.size(); ++i) {
    by_layer.emplace(inventory.layers[i].blob.digest,
                     Instruction(steps[i]->created_by));
  }
  return by_layer;
}

}  // namespace landwaiter::analyzer::detect
