#ifndef LANDWAITER_OPERATOR_MANAGER_INFORMER_CACHE_H_
#define LANDWAITER_OPERATOR_MANAGER_INFORMER_CACHE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "operator/kube/informer.h"
#include "operator/reconcile/context.h"

namespace landwaiter::manager {

// The cache of the reconcilers on informers, one for each type and namespace.
// Threads: Add before anything else; the rest from any.
class InformerCache : public reconcile::Cache {
 public:
  // Objects of the type in the namespace that match the selectors.
  kube::Informer& Add(kube::Reflector::Options options, uint64_t seed);

  kube::ObjectPtr Get(const kube::ResourceType& type,
                      const kube::ObjectKey& key) const override;
  std::vector<kube::ObjectPtr> List(const kube::ResourceType& type,
                                    std::string_view ns) const override;
  // Of every namespace that is watched.
  std::vector<kube::ObjectPtr> ListAll(const kube::ResourceType& type) const;
  // The object with the uid; nullptr if there is none.
  kube::ObjectPtr FindByUid(const kube::ResourceType& type,
                            const std::string& ns,
                            const std::string& uid) const;

  std::vector<kube::Informer*> informers();
  // Whether every informer has its first list.
  bool HasSynced() const;

 private:
  struct Entry {
    std::string ns;  // empty: every namespace
    std::unique_ptr<kube::Informer> informer;
  };
  const kube::Informer* Find(const kube::ResourceType& type,
                             std::string_view ns) const;

  std::map<kube::ResourceType, std::vector<Entry>> entries_;
};

}  // namespace landwaiter::manager

#endif  // LANDWAITER_OPERATOR_MANAGER_INFORMER_CACHE_H_
