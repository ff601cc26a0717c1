// test/kernel/blow_up.cc - the exponential case: a shared mount bound onto its own children.
//
// Each bind propagates into all the copies that those before it made: k binds make 2^k mounts.
// The model must tell exactly how many, which, and where fs.mount-max ends it. Leaves the limit
// alone.
#include <fmt/format.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>

#include "test/kernel/side.h"

namespace mountc::differential {
namespace {

constexpr int binds_max = 17;  // 2^17 mounts are more than fs.mount-max allows: ENOSPC

std::string run() {
  const auto model = model_side();
  const auto real = real_side();
  std::string out;
  int passed = 0, failed = 0;
  const auto both = [&](const Operation& operation, int expected) {
    const int modelled = model->run(operation), answered = real->run(operation);
    const bool good = modelled == expected && answered == expected;
    if (!good) {
      out += fmt::format("FAIL {}: the model answers {}, the kernel {}\n", text(operation),
                         strerror(modelled), strerror(answered));
    }
    return good;
  };
  Operation share;
  share.kind = Kind::change_type;
  share.propagation = MS_SHARED;
  share.to.path = "/";
  both(share, 0);
  for (int k = 1; k <= binds_max; ++k) {
    const std::string name = "d" + std::to_string(k);
    model->make_directory(name);
    real->make_directory(name);
    Operation bind;
    bind.from.path = "/";
    bind.to.path = "/" + name;
    bool good = both(bind, k == binds_max ? ENOSPC : 0);
    const auto modelled = model->look(), seen = real->look();
    const size_t count = modelled[0].size();
    good = good && count == seen[0].size() && canonical(modelled) == canonical(seen);
    out += fmt::format("{} {} binds: {} mounts in the model, {} in the kernel\n",
                       good ? "ok  " : "FAIL", k, count, seen[0].size());
    if (k >= 2) ++(good ? passed : failed);
  }
  return out + fmt::format("{} passed, {} failed\n", passed, failed);
}

}  // namespace
}  // namespace mountc::differential

int main() {
  const std::string out = mountc::differential::apart(mountc::differential::run);
  fmt::print("{}", out);
  return out.find("FAIL") != std::string::npos || out.find(" 0 failed") == std::string::npos;
}
