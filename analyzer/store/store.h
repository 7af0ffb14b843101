#ifndef LANDWAITER_ANALYZER_STORE_STORE_H_
#define LANDWAITER_ANALYZER_STORE_STORE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analyzer/store/tables.h"

namespace landwaiter::analyzer::store {

// The tables, inside one transaction. Valid during the call that it is passed
// to.
class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual RegistryTable& registries() = 0;
  virtual CatalogTable& catalog() = 0;
  virtual ImageTable& images() = 0;
  virtual MatchTable& matches() = 0;
  virtual LayerTable& layers() = 0;
  virtual TaskTable& tasks() = 0;
  virtual ItemTable& items() = 0;

  // The store's sequence: grows with NextSequence, across restarts and
  // restores too. Fence counters come from it.
  virtual absl::StatusOr<uint64_t> Sequence() = 0;
  virtual absl::StatusOr<uint64_t> NextSequence() = 0;

  // A short text that the service keeps about itself; empty at first.
  virtual absl::StatusOr<std::string> Note(std::string_view key) = 0;
  virtual absl::Status PutNote(std::string_view key,
                               std::string_view value) = 0;
};

// What a commit must survive.
enum class Durability {
  kPowerLoss,  // it is on disk when Write returns
  kCrash,      // a killed process; power loss may undo it, never tear it
};

// Everything that the analyzer knows, behind transactions. Thread-safe: writes
// come one after the other, each sees all before it.
//
// Errors: what the callback returns is returned, with everything undone.
// UNAVAILABLE, the store cannot write now (disk full, I/O error): nothing of
// the transaction is there, the store goes on, try again later. DATA_LOSS, the
// store's file is damaged. INTERNAL, a defect.
class Store {
 public:
  using Callback = absl::FunctionRef<absl::Status(Transaction&)>;

  virtual ~Store() = default;
  virtual absl::Status Write(Durability durability, Callback callback) = 0;
  absl::Status Write(Callback callback) {
    return Write(Durability::kPowerLoss, callback);
  }
  // As Write, of a callback that changes nothing.
  virtual absl::Status Read(Callback callback) = 0;

  // Grows when the store is found restored (docs/queue.md).
  virtual uint64_t epoch() const = 0;
};

}  // namespace landwaiter::analyzer::store

#endif  // LANDWAITER_ANALYZER_STORE_STORE_H_
