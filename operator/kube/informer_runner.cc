#include "operator/kube/informer_runner.h"

#include <utility>

#include "core/base/log.h"
#include "nlohmann/json.hpp"
#include "operator/kube/stop.h"

namespace landwaiter::kube {

InformerRunner::InformerRunner(KubeClient* client, base::Clock* clock,
                               Informer* informer)
    : client_(client),
      clock_(clock),
      informer_(informer),
      thread_([this](std::stop_token stop) { Run(std::move(stop)); }) {}

InformerRunner::~InformerRunner() = default;

void InformerRunner::Run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    Step(stop);
    if (!stop.stop_requested()) LogChange();
  }
}

void InformerRunner::Step(std::stop_token stop) {
  Reflector& reflector = informer_->reflector();
  const Reflector::Options& options = reflector.options();
  const Reflector::Action action = reflector.Next(clock_->Now());
  switch (action.kind) {
    case Reflector::Action::kWait:
      SleepUnlessStopped(stop, action.until - clock_->Now());
      return;
    case Reflector::Action::kList: {
      auto page = client_->List(options.type, options.ns, action.list);
      reflector.OnListed(std::move(page), clock_->Now());
      return;
    }
    case Reflector::Action::kWatch: {
      absl::Status status = client_->Watch(
          options.type, options.ns, action.watch,
          [&](const WatchEvent& event) { return reflector.OnEvent(event); },
          stop);
      reflector.OnWatchEnded(std::move(status), clock_->Now());
      return;
    }
  }
}

void InformerRunner::LogChange() {
  const absl::Status& error = informer_->reflector().last_error();
  if (error.ok() == !failing_) return;
  failing_ = !error.ok();
  if (failing_) {
    base::LogWarning("list or watch failed",
                     {{"kind", informer_->type().kind},
                      {"error", std::string(error.message())}});
  } else {
    base::LogInfo("list and watch work again",
                  {{"kind", informer_->type().kind}});
  }
}

}  // namespace landwaiter::kube
