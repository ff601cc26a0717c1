// compiler/import/reconnect.cc - puts a live private mount back into a peer group, or under
// one.
//
// The rules are those of Linux fs/namespace.c do_set_group(), looked at before the call so that
// a refusal can be explained. A slave is made with a detached anchor: a clone that is made a
// slave first and then hands its master on, so that nothing ever propagates the other way.
#include "compiler/import/reconnect.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "compiler/import/mount_calls.h"
#include "compiler/import/mountinfo.h"
#include "compiler/import/throwaway.h"
#include "compiler/layout/paths.h"
#include "compiler/snapshot/lookup.h"
#include "compiler/syntax/value.h"

namespace mountc {
namespace {

// `PID:PATH`
std::string name_of(const Spot& spot) {
  return (spot.pid == "self" ? "" : spot.pid + ":") + quote(spot.path);
}

std::string show(const Spot& spot) { return "`" + name_of(spot) + "`"; }

class Connector {
 public:
  Connector(const Reconnection& wanted, Sources& sources, Diagnostics& diagnostics)
      : wanted_(wanted), sources_(sources), diagnostics_(diagnostics) {}

  Connected run(bool dry) {
    if (find(wanted_.target, target_) && find(wanted_.source, source_) && check()) {
      say_effects();
      if (!dry) wanted_.slave ? join_as_slave() : join(source_.fd.get());
    }
    result_.failed = !result_.error.empty() || diagnostics_.has_errors();
    return std::move(result_);
  }

 private:
  // A mount, found by its path and known by its number.
  struct Found {
    Descriptor fd;
    const snapshot::Mount* mount = nullptr;
  };

  void refuse(std::string why) {
    if (result_.error.empty()) result_.error = std::move(why);
  }

  bool read(const std::string& pid) {
    for (const auto& ns : snapshot_.namespaces) {
      if (ns.name == pid) return true;
    }
    const auto file = sources_.read("/proc/" + pid + "/mountinfo");
    if (!file) {
      refuse(
          fmt::format("cannot read the mounts of process {}: {}", pid, std::strerror(errno)));
      return false;
    }
    return read_mountinfo(sources_, *file, pid, snapshot_, diagnostics_);
  }

  bool find(const Spot& spot, Found& found) {
    // All three first: what is read later would move what was found.
    if (!read("self") || !read(wanted_.target.pid) || !read(wanted_.source.pid)) return false;
    Descriptor root(::open(("/proc/" + spot.pid + "/root").c_str(), O_PATH | O_CLOEXEC));
    found.fd.reset(open_in_root(root.get(), spot.path));
    struct statx status {};
    if (root.get() < 0 || found.fd.get() < 0 ||
        ::statx(found.fd.get(), "", AT_EMPTY_PATH, STATX_MNT_ID, &status) < 0) {
      refuse(fmt::format("cannot find {}: {}", show(spot), std::strerror(errno)));
      return false;
    }
    for (const auto& ns : snapshot_.namespaces) {
      for (const auto& mount : ns.mounts) {
        if (ns.name == spot.pid && mount.id == status.stx_mnt_id) found.mount = &mount;
      }
    }
    if (!found.mount) {
      refuse(fmt::format("{} is in no mountinfo", show(spot)));
    } else if (!(status.stx_attributes & STATX_ATTR_MOUNT_ROOT)) {
      diagnostics_.report<rule::reconnect_no_mount_point>(found.mount->span, name_of(spot))
          .note(found.mount->span, "it lies in this mount");
      found.mount = nullptr;
    }
    return found.mount != nullptr;
  }

  bool check() {
    const snapshot::Mount& target = *target_.mount;
    const snapshot::Mount& source = *source_.mount;
    const auto device = [this](const snapshot::Mount& mount) {
      return snapshot_.superblocks[mount.superblock].device;
    };
    const std::string from = name_of(wanted_.source), to = name_of(wanted_.target);
    constexpr std::string_view make_private =
        "make it private first: `mount --make-private {}`";
    if (source.id == target.id) {
      refuse("a mount cannot be connected with itself");
    } else if (source.group == 0) {
      diagnostics_.report<rule::reconnect_no_group>(source.span, from)
          .hint("make it shared first: `mount --make-shared {}`", quote(wanted_.source.path));
    } else if (target.group != 0 || target.master != 0) {
      diagnostics_
          .report<rule::reconnect_not_private>(target.span, to,
                                               target.group ? "is in" : "receives from",
                                               target.group ? target.group : target.master)
          .hint(make_private, quote(wanted_.target.path));
    } else if (target.unbindable) {
      diagnostics_.report<rule::reconnect_unbindable>(target.span, to)
          .hint(make_private, quote(wanted_.target.path));
    } else if (source.superblock != target.superblock) {
      diagnostics_
          .report<rule::reconnect_superblocks>(target.span, from, to, device(source),
                                               device(target))
          .note(source.span, "the member of the group is this one");
    } else if (!is_within(target.root, source.root)) {
      diagnostics_
          .report<rule::reconnect_outside>(target.span, to, quote("/" + target.root),
                                           quote("/" + source.root), from)
          .note(source.span, "the member of the group is this one");
    }
    return result_.error.empty() && !diagnostics_.has_errors();
  }

  // -- who receives what --------------------------------------------------------------------

  void say_effects() {
    const uint32_t group = source_.mount->group;
    result_.effects.push_back(fmt::format("what is mounted in {} appears in {}",
                                          show(wanted_.source), show(wanted_.target)));
    if (wanted_.slave) return;
    std::vector<uint64_t> seen;
    for (const auto& ns : snapshot_.namespaces) {
      for (const auto& mount : ns.mounts) {
        const bool receives = mount.group == group || mount.master == group;
        if (!receives || std::ranges::find(seen, mount.id) != seen.end()) continue;
        seen.push_back(mount.id);
        result_.effects.push_back(
            fmt::format("what is mounted in {} appears in {}{}", show(wanted_.target),
                        show({ns.name, mount.full_target}),
                        mount.group == group ? "" : ", which only receives"));
      }
    }
  }

  // -- doing it -----------------------------------------------------------------------------

  void join(int from) {
    if (set_group(from, target_.fd.get()) == 0) return;
    refuse(errno == EPERM
               ? "CAP_SYS_ADMIN is needed in the user namespaces that own both mount namespaces"
               : fmt::format("the kernel refuses: {}", std::strerror(errno)));
  }

  void join_as_slave() {
    Descriptor anchor(clone_of(source_.fd.get()));
    if (anchor.get() < 0) {
      // Of another namespace, where nothing can be cloned from here: what is wide enough here
      // joins in its place.
      anchor.reset(clone_of_own());
      const bool joined = anchor.get() >= 0 && set_propagation(anchor.get(), MS_PRIVATE) == 0 &&
                          set_group(source_.fd.get(), anchor.get()) == 0;
      if (!joined) {
        diagnostics_.report<rule::reconnect_out_of_reach>(source_.mount->span,
                                                          name_of(wanted_.source));
        return;
      }
    }
    if (set_propagation(anchor.get(), MS_SLAVE) < 0) {
      refuse(fmt::format("no slave can be made: {}", std::strerror(errno)));
      return;
    }
    join(anchor.get());
  }

  // A clone of a mount of the caller's that shows what the target shows, and no more than the
  // group's member does.
  int clone_of_own() const {
    const auto& own = snapshot_.namespaces[0];
    const snapshot::Lookup lookup(own);
    for (uint32_t m = 0; m < own.mounts.size(); ++m) {
      const snapshot::Mount& mount = own.mounts[m];
      if (mount.superblock != source_.mount->superblock || !lookup.is_visible(m)) continue;
      if (!is_within(target_.mount->root, mount.root)) continue;
      const std::string wide(is_within(source_.mount->root, mount.root)
                                 ? rest_below(source_.mount->root, mount.root)
                                 : "");
      const std::string path = mount.full_target + (wide.empty() ? "" : "/" + wide);
      const int fd = clone_at(path);
      if (fd >= 0) return fd;
    }
    return -1;
  }

  const Reconnection& wanted_;
  Sources& sources_;
  Diagnostics& diagnostics_;
  snapshot::Snapshot snapshot_;  // the caller's namespace first
  Found target_, source_;
  Connected result_;
};

}  // namespace

Connected reconnect(const Reconnection& wanted, bool dry, Sources& sources,
                    Diagnostics& diagnostics) {
  return Connector(wanted, sources, diagnostics).run(dry);
}

}  // namespace mountc
