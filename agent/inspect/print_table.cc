#include <algorithm>
#include <array>
#include <string>
#include <tuple>

#include "agent/inspect/print.h"
#include "core/base/strings.h"

namespace landwaiter::agent::inspect {
namespace {

using Row = std::array<std::string, 5>;

// A digest is recognised by its first 12 digits.
std::string Short(const model::Digest& digest) {
  return std::string(digest.hex().substr(0, 12));
}

Row RowOf(const model::InstalledPackage& installed) {
  const model::Package& package = installed.package;
  return {base::Printable(package.name), base::Printable(package.version),
          base::Printable(package.type), base::Printable(package.architecture),
          Short(installed.layer)};
}

using Widths = std::array<size_t, std::tuple_size_v<Row>>;

void Widen(const Row& row, Widths& widths) {
  for (size_t i = 0; i < row.size(); ++i) {
    widths[i] = std::max(widths[i], row[i].size());
  }
}

std::string Line(const Row& row, const Widths& widths) {
  std::string text;
  for (size_t i = 0; i < row.size(); ++i) {
    text += row[i];
    const bool last = i + 1 == row.size();
    text.append(last ? 1 : widths[i] + 2 - row[i].size(), last ? '\n' : ' ');
  }
  return text;
}

}  // namespace

void PrintTable(const model::Inventory& inventory, model::EachPackage packages,
                TextSink write) {
  const Row head = {"NAME", "VERSION", "TYPE", "ARCH", "LAYER"};
  Widths widths = {};
  Widen(head, widths);
  size_t count = 0;
  packages([&](const model::InstalledPackage& package) {
    Widen(RowOf(package), widths);
    ++count;
  });
  const model::OsRelease& os = inventory.os;
  const std::string system =
      os.empty() ? "unknown (the image names none)"
                 : base::Printable(os.pretty_name.empty()
                                       ? base::StrCat(os.id, " ", os.version_id)
                                       : os.pretty_name);
  std::string text = base::StrCat(
      "Image:     ", base::Printable(inventory.reference),
      "\nDigest:    ", inventory.manifest.text(),
      "\nPlatform:  ", base::Printable(inventory.config.platform.ToString()),
      "\nSystem:    ", system, "\nLayers:    ", inventory.layers.size(),
      "\nPackages:  ", count, "\n");
  for (const std::string& problem : inventory.problems) {
    base::StrAppend(&text, "Problem:   ", base::Printable(problem), "\n");
  }
  write(text);
  if (count == 0) return;
  write("\n");
  write(Line(head, widths));
  packages([&](const model::InstalledPackage& package) {
    write(Line(RowOf(package), widths));
  });
}

}  // namespace landwaiter::agent::inspect
