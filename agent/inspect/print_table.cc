#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "agent/inspect/print.h"
#include "core/base/strings.h"

namespace landwaiter::agent::inspect {
namespace {

using Row = std::array<std::string, 5>;

// A digest is recognised by its first 12 digits.
std::string Short(const model::Digest& digest) {
  return std::string(digest.hex().substr(0, 12));
}

std::string Table(const std::vector<Row>& rows) {
  std::array<size_t, std::tuple_size_v<Row>> widths = {};
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      text += row[i];
      const bool last = i + 1 == row.size();
      text.append(last ? 1 : widths[i] + 2 - row[i].size(), last ? '\n' : ' ');
    }
  }
  return text;
}

}  // namespace

std::string InventoryToTable(const model::Inventory& inventory) {
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
      "\nPackages:  ", inventory.packages.size(), "\n");
  for (const std::string& problem : inventory.problems) {
    base::StrAppend(&text, "Problem:   ", base::Printable(problem), "\n");
  }
  if (inventory.packages.empty()) return text;
  std::vector<Row> rows = {{"NAME", "VERSION", "TYPE", "ARCH", "LAYER"}};
  for (const model::InstalledPackage& installed : inventory.packages) {
    const model::Package& package = installed.package;
    rows.push_back(
        {base::Printable(package.name), base::Printable(package.version),
         base::Printable(package.type), base::Printable(package.architecture),
         Short(installed.layer)});
  }
  return text + "\n" + Table(rows);
}

}  // namespace landwaiter::agent::inspect
