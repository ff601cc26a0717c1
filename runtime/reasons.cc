// runtime/reasons.cc - which row of reasons.def, which rule of the kernel, explains a failure?
// Asked after the failure, so it may take its time.
#include "runtime/mounts.h"
#include "runtime/probe.h"
#include "runtime/report.h"

namespace mountc::run {
namespace {

enum class Reason : uint8_t {
#define REASON(id, name, op, errno, text) name,
#include "runtime/reasons.def"
};

constexpr int ids = 500;  // they begin behind this

struct Row {
  uint8_t id, op, error;
};

using namespace sys;  // the errnos' names
namespace op_named {
using enum plan::Op;
constexpr plan::Op any{0};
}  // namespace op_named
constexpr Row rows[] = {
#define REASON(id, name, op, errno, text) {id - ids, static_cast<uint8_t>(op_named::op), errno},
#include "runtime/reasons.def"
};

// Another one than the initial one, whose file has a number of its own (Linux
// include/linux/proc_ns.h PROC_USER_INIT_INO).
bool in_user_namespace() {
  const int fs = sys::proc();
  const int ns = sys::open(fs, "self/ns/user", sys::o_path);
  sys::Statx found;
  const bool known = sys::statx(ns, "", 0, &found) == 0;
  sys::close(ns);
  sys::close(fs);
  return known && found.ino != 0xEFFFFFFD;
}

// Does the rule hold for what the step had before it? Of most, the errno alone tells.
bool explains(Reason reason, const Args& a) {
  switch (reason) {
    case Reason::superblocks_differ: return !same_superblock(a.fd(0), a.fd(1));
    case Reason::donor_not_shared: return is_surely_private(a.fd(0), a.fd(0));
    case Reason::target_symlink: return sys::kind_of(a.fd(1), a.string(0)) == sys::s_iflnk;
    case Reason::kinds_differ:
      return (sys::kind_of(a.fd(1), a.string(0)) == sys::s_ifdir) != is_directory(a.fd(0));
    case Reason::target_kind: return is_directory(a.fd(0)) != is_directory(a.fd(1));
    case Reason::symlink_on_the_way: return !a.pseudo;
    case Reason::source_unbindable:
      return a.pseudo && (a.word[1] & plan::bit::tree_CLONE);
    case Reason::pin_under_shared: {
      const long known = sharing(a.fd(1));
      return sys::filesystem_type(a.fd(0)) == sys::nsfs_magic && known > 0 &&
             (known & plan::bit::propagation_SHARED);
    }
    case Reason::not_permitted: return !may_mount();
    case Reason::flag_locked:
    case Reason::node_refused:
    case Reason::not_in_userns:
    case Reason::shows_other_ns: return in_user_namespace();
    case Reason::nothing_above: return !is_mount_root(a.fd(1));
    case Reason::group_missing: return is_mount_root(a.fd(0));
    case Reason::root_no_directory: return !is_directory(a.fd(1));
    case Reason::cannot_go_beneath:
    case Reason::ids_not_mapped:
    case Reason::ids_mapped_already:
    case Reason::beneath_shared:
    case Reason::root_outside:  // the rows above it do not hold
    case Reason::mount_limit:
    case Reason::tree_limit:
    case Reason::unknown_filesystem:
    case Reason::owner_unknown:
    case Reason::ids_not_given:
    case Reason::no_block_device:
    case Reason::source_busy:
    case Reason::device_read_only:
    case Reason::make_read_only:
    case Reason::namespace_file:
    case Reason::no_directory:
    case Reason::no_mount_point:
    case Reason::other_superblock:
    case Reason::masked_symlink:
    case Reason::made_otherwise:
    case Reason::anchor_missing:
    case Reason::pin_inside:  // fs/namespace.c check_for_nsfs_mounts()
    case Reason::pin_too_old:
    case Reason::missing:
    case Reason::mount_gone:
    case Reason::is_other:
    case Reason::mounted_inside:
    case Reason::stack_stays:
    case Reason::mounts_unknown:
    case Reason::guard_missing:
    case Reason::mount_point_missing: break;
  }
  return true;
}

}  // namespace

int find_reason(const Machine& m, const Args& a, long error) {
  plan::Op op{a.op};
  if (op == plan::Op::open_tree_attr || op == plan::Op::bind || op == plan::Op::mount_setattr) {
    op = plan::Op::open_tree;
  }
  if (op == plan::Op::publish_root) op = plan::Op::publish;
  // A replacement attaches all its trees so.
  if (m.beneath && op == plan::Op::publish) op = plan::Op::publish_beneath;
  for (int i = 0; i < static_cast<int>(sizeof rows / sizeof rows[0]); ++i) {
    const plan::Op of{rows[i].op};
    if ((of == op || of == op_named::any) && rows[i].error == error && explains(Reason(i), a))
      return ids + rows[i].id;
  }
  return 0;
}

}  // namespace mountc::run
