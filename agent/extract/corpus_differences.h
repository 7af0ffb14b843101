#ifndef LANDWAITER_AGENT_EXTRACT_CORPUS_DIFFERENCES_H_
#define LANDWAITER_AGENT_EXTRACT_CORPUS_DIFFERENCES_H_

#include <cstddef>
#include <string_view>

// Where we answer otherwise, on purpose, than the lists of the corpus do, which
// tell what another scanner finds. For corpus_test.cc.
namespace landwaiter::agent::extract {

// Rows that we do not have, and rows that only we have, on purpose.
struct Difference {
  std::string_view fixture;  // how its name ends
  size_t missing = 0;
  size_t more = 0;
  std::string_view reason;
};

inline constexpr char kItself[] = "the project itself, or a part of it";
inline constexpr char kItselfOrDevelopment[] =
    "the project itself; development's, which the list leaves out";
inline constexpr char kOpen[] =
    "asked for at no version, or at a range of them";
inline constexpr char kItselfOrOpen[] =
    "the project itself; a range of versions";
inline constexpr char kItselfOrStandard[] =
    "the project itself; the standard library";
inline constexpr char kReplaced[] =
    "the project itself; the module that another stands for";
inline constexpr char kGoSum[] =
    "the project itself; a module of go.mod, for which the list asks go.sum";
inline constexpr char kElsewhere[] =
    "from an address or a file, not a registry";
inline constexpr char kDevelopment[] =
    "development's, which the list leaves out";
inline constexpr char kStandard[] = "what comes with the language or its kit";
inline constexpr char kChecksums[] =
    "checksums of what was looked at, not what is used";
inline constexpr char kBuild[] =
    "what the build needs, which the list leaves out";
inline constexpr char kBranch[] = "a branch, without a version";
inline constexpr char kDatabase[] = "told by a database of checksums";
inline constexpr char kNotRead[] = "of a system that is no container image";

inline constexpr Difference kDifferences[] = {
    {.fixture = "trivy-analyzer/conda/environment/testdata/"
                "environment-with-licenses.yaml",
     .missing = 1,
     .more = 0,
     .reason = kOpen},
    {.fixture = "trivy-analyzer/conda/environment/testdata/environment.yaml",
     .missing = 1,
     .more = 0,
     .reason = kOpen},
    {.fixture = "trivy-analyzer/dotnet/deps/testdata/datacollector.deps.json",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-analyzer/java/pom/testdata/happy/pom.xml",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture =
         "trivy-analyzer/java/pom/testdata/mark-as-dev/src/it/example/pom.xml",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-analyzer/java/pom/testdata/requirements/pom.xml",
     .missing = 2,
     .more = 0,
     .reason = kItselfOrOpen},
    {.fixture = "trivy-analyzer/rust/cargo/testdata/happy.txtar",
     .missing = 1,
     .more = 3,
     .reason = kItselfOrDevelopment},
    {.fixture = "trivy-analyzer/rust/cargo/testdata/no-cargo-toml.txtar",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture =
         "trivy-analyzer/rust/cargo/testdata/toml-only-workspace-deps.txtar",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-analyzer/rust/cargo/testdata/toml-workspace-glob.txtar",
     .missing = 2,
     .more = 0,
     .reason = kItself},
    {.fixture =
         "trivy-analyzer/rust/cargo/testdata/toml-workspace-members.txtar",
     .missing = 2,
     .more = 0,
     .reason = kItself},
    {.fixture =
         "trivy-analyzer/rust/cargo/testdata/version-workspace-inherit.txtar",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-analyzer/rust/cargo/testdata/wrong-cargo-toml.txtar",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/c/conan/testdata/happy_v2.lock",
     .missing = 0,
     .more = 2,
     .reason = kBuild},
    {.fixture = "trivy-parser/conda/environment/testdata/happy.yaml",
     .missing = 8,
     .more = 0,
     .reason = kOpen},
    {.fixture = "trivy-parser/dart/pub/testdata/happy.lock",
     .missing = 2,
     .more = 0,
     .reason = kStandard},
    {.fixture =
         "trivy-parser/dotnet/core_deps/testdata/ambiguous-root.deps.json",
     .missing = 2,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/dotnet/core_deps/testdata/happy.deps.json",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture =
         "trivy-parser/dotnet/core_deps/testdata/missing-target.deps.json",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture =
         "trivy-parser/dotnet/core_deps/testdata/multi-project.deps.json",
     .missing = 3,
     .more = 0,
     .reason = kItself},
    {.fixture =
         "trivy-parser/dotnet/core_deps/testdata/self-contained.deps.json",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture =
         "trivy-parser/dotnet/core_deps/testdata/without-runtime.deps.json",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/golang/mod/testdata/go116/go.mod",
     .missing = 1,
     .more = 1,
     .reason = kGoSum},
    {.fixture = "trivy-parser/golang/mod/testdata/no-go-version/gomod",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/golang/mod/testdata/normal/go.mod",
     .missing = 2,
     .more = 0,
     .reason = kItselfOrStandard},
    {.fixture = "trivy-parser/golang/mod/testdata/"
                "replaced-with-local-path-and-version-mismatch/go.mod",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/golang/mod/testdata/"
                "replaced-with-local-path-and-version/go.mod",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture =
         "trivy-parser/golang/mod/testdata/replaced-with-local-path/go.mod",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/golang/mod/testdata/"
                "replaced-with-version-mismatch/go.mod",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/golang/mod/testdata/replaced-with-version/go.mod",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/golang/mod/testdata/replaced/go.mod",
     .missing = 2,
     .more = 0,
     .reason = kReplaced},
    {.fixture = "trivy-parser/golang/sum/testdata/gomod_emptyline.sum",
     .missing = 2,
     .more = 0,
     .reason = kChecksums},
    {.fixture = "trivy-parser/golang/sum/testdata/gomod_many.sum",
     .missing = 13,
     .more = 0,
     .reason = kChecksums},
    {.fixture = "trivy-parser/golang/sum/testdata/gomod_normal.sum",
     .missing = 1,
     .more = 0,
     .reason = kChecksums},
    {.fixture = "trivy-parser/golang/sum/testdata/gomod_trivy.sum",
     .missing = 336,
     .more = 0,
     .reason = kChecksums},
    {.fixture = "trivy-parser/java/jar/testdata/heuristic-1.0.0-SNAPSHOT.jar",
     .missing = 1,
     .more = 1,
     .reason = kDatabase},
    {.fixture = "trivy-parser/java/jar/testdata/test.jar",
     .missing = 2,
     .more = 0,
     .reason = kDatabase},
    {.fixture =
         "trivy-parser/julia/manifest/testdata/julia_v1.0_format/Manifest.toml",
     .missing = 4,
     .more = 0,
     .reason = kStandard},
    {.fixture =
         "trivy-parser/julia/manifest/testdata/primary/Manifest_v1.6.toml",
     .missing = 4,
     .more = 0,
     .reason = kStandard},
    {.fixture =
         "trivy-parser/julia/manifest/testdata/primary/Manifest_v1.8.toml",
     .missing = 7,
     .more = 0,
     .reason = kStandard},
    {.fixture =
         "trivy-parser/julia/manifest/testdata/shadowed_dep_v1.9/Manifest.toml",
     .missing = 2,
     .more = 0,
     .reason = kStandard},
    {.fixture = "trivy-parser/nodejs/bun/testdata/bun_multiple_ws.lock",
     .missing = 2,
     .more = 0,
     .reason = kItself},
    {.fixture =
         "trivy-parser/nodejs/npm/testdata/package-lock_v3_with_workspace.json",
     .missing = 2,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/nodejs/npm/testdata/"
                "package-lock_v3_with_workspace_as_object.json",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/nodejs/npm/testdata/"
                "package-lock_v3_without_root_deps_field.json",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/nodejs/pnpm/testdata/pnpm-lock_archives.yaml",
     .missing = 4,
     .more = 0,
     .reason = kElsewhere},
    {.fixture = "trivy-parser/nodejs/pnpm/testdata/pnpm-lock_many.yaml",
     .missing = 0,
     .more = 78,
     .reason = kDevelopment},
    {.fixture = "trivy-parser/nodejs/pnpm/testdata/pnpm-lock_v6_with_dev.yaml",
     .missing = 0,
     .more = 79,
     .reason = kDevelopment},
    {.fixture = "trivy-parser/nodejs/pnpm/testdata/pnpm-lock_v9.yaml",
     .missing = 5,
     .more = 0,
     .reason = kElsewhere},
    {.fixture = "trivy-parser/nodejs/pnpm/testdata/pnpm-lock_with_dev.yaml",
     .missing = 0,
     .more = 79,
     .reason = kDevelopment},
    {.fixture = "trivy-parser/nuget/config/testdata/dev_dependency.config",
     .missing = 0,
     .more = 1,
     .reason = kDevelopment},
    {.fixture = "trivy-parser/python/pip/testdata/requirements_compatible.txt",
     .missing = 5,
     .more = 0,
     .reason = kOpen},
    {.fixture = "trivy-parser/python/uv/testdata/uv_normal.lock",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/rust/cargo/testdata/cargo_mixed.lock",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/rust/cargo/testdata/cargo_normal.lock",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/rust/cargo/testdata/cargo_v3.lock",
     .missing = 1,
     .more = 0,
     .reason = kItself},
    {.fixture = "trivy-parser/sbt/lockfile/testdata/v1_happy.sbt.lock",
     .missing = 0,
     .more = 1,
     .reason = kDevelopment},
    {.fixture = "trivy-parser/swift/swift/testdata/happy-v2-Package.resolved",
     .missing = 1,
     .more = 0,
     .reason = kBranch},
    {.fixture = "trivy/bottlerocket_inventory/testdata/"
                "application-inventory-no-epoch.json",
     .missing = 2,
     .more = 0,
     .reason = kNotRead},
    {.fixture =
         "trivy/bottlerocket_inventory/testdata/application-inventory.json",
     .missing = 5,
     .more = 0,
     .reason = kNotRead},
};

}  // namespace landwaiter::agent::extract

#endif  // LANDWAITER_AGENT_EXTRACT_CORPUS_DIFFERENCES_H_
