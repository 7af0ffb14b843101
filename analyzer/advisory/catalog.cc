#include "analyzer/advisory/catalog.h"

#include "analyzer/advisory/alma_errata/alma_errata.h"
#include "analyzer/advisory/alpine/secdb.h"
#include "analyzer/advisory/alpine/unfixed.h"
#include "analyzer/advisory/arch/arch.h"
#include "analyzer/advisory/azure_linux/azure_linux.h"
#include "analyzer/advisory/cvrf/cvrf.h"
#include "analyzer/advisory/debian/support.h"
#include "analyzer/advisory/debian/tracker.h"
#include "analyzer/advisory/epss/epss.h"
#include "analyzer/advisory/kev/kev.h"
#include "analyzer/advisory/node/security_wg.h"
#include "analyzer/advisory/nvd/nvd.h"
#include "analyzer/advisory/oracle_oval/oracle_oval.h"
#include "analyzer/advisory/osv/osv_format.h"
#include "analyzer/advisory/photon/photon.h"
#include "analyzer/advisory/php/friends_of_php.h"
#include "analyzer/advisory/redhat_csaf/redhat_csaf.h"
#include "analyzer/advisory/redhat_oval/redhat_oval.h"
#include "analyzer/advisory/ruby/ruby_advisory_db.h"
#include "analyzer/advisory/rustsec/rustsec.h"
#include "analyzer/advisory/stream_format.h"
#include "analyzer/advisory/suse_csaf/suse_csaf.h"
#include "analyzer/advisory/suse_oval/suse_oval.h"
#include "analyzer/advisory/ubuntu/ubuntu.h"
#include "analyzer/advisory/updateinfo/updateinfo.h"

namespace landwaiter::analyzer::advisory {

absl::Span<const FeedFormat* const> AllFeedFormats() {
  static const AlmaErrata alma_errata;
  static const AzureLinuxOval azure_linux_oval;
  static const Cvrf openeuler_cvrf(Cvrf::Publisher::kOpenEuler);
  static const OracleOval oracle_oval;
  static const PhotonCve photon_cve;
  static const PhotonOval photon_oval;
  static const RedHatCsaf redhat_csaf_vex;
  static const RedHatOval redhat_oval;
  static const SuseCsaf suse_csaf;
  static const Cvrf suse_cvrf(Cvrf::Publisher::kSuse);
  static const SuseOval suse_oval;
  static const FeedFormat* const kAll[] = {
      // clang-format off: a line each, by their names
      &alma_errata,
      &AlmaUpdateinfo(),
      &AlpineSecdb(),
      &AlpineUnfixed(),
      &AmazonAlas(),
      &ArchLinux(),
      &azure_linux_oval,
      &CisaKev(),
      &DebianSupport(),
      &DebianTracker(),
      &EpssScores(),
      &FedoraUpdateinfo(),
      &FriendsOfPhp(),
      &LandwaiterStream(),
      &NodeSecurityWg(),
      &Nvd(),
      &openeuler_cvrf,
      &oracle_oval,
      &OsvFormat(),
      &photon_cve,
      &photon_oval,
      &redhat_csaf_vex,
      &redhat_oval,
      &RockyUpdateinfo(),
      &RubyAdvisoryDb(),
      &Rustsec(),
      &suse_csaf,
      &suse_cvrf,
      &suse_oval,
      &UbuntuTracker(),
      // clang-format on
  };
  return kAll;
}

const FeedFormat* FindFeedFormat(std::string_view name) {
  for (const FeedFormat* format : AllFeedFormats()) {
    if (format->name() == name) return format;
  }
  return nullptr;
}

}  // namespace landwaiter::analyzer::advisory
