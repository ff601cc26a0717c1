// runtime/reasons.cc - the tests of reasons.def: does this rule of the kernel explain the
// failure? Every test runs after the failure, so it may take its time.
#include "runtime/mounts.h"
#include "runtime/probe.h"
#include "runtime/report.h"

namespace mountc::run {
namespace {

namespace reasons {

constexpr long nsfs_magic = 0x6e736673;

bool superblocks_differ(const Args& a) { return !same_superblock(a.fd[0], a.fd[1]); }
bool donor_not_shared(const Args& a) { return is_surely_private(a.fd[0]); }
bool root_outside(const Args&) { return true; }  // the two rows above failed

bool nested_unsupported(const Args&) { return !features::nested_detached_by_trying(); }
bool target_symlink(const Args& a) {
  sys::Statx found;
  return sys::statx(a.fd[1], a.text[0], sys::statx_type, &found) == 0 &&
         (found.mode & sys::s_ifmt) == sys::s_iflnk;
}
bool kinds_differ(const Args& a) {
  sys::Statx found;
  return sys::statx(a.fd[1], a.text[0], sys::statx_type, &found) == 0 &&
         ((found.mode & sys::s_ifmt) == sys::s_ifdir) != is_directory(a.fd[0]);
}
bool target_kind(const Args& a) { return is_directory(a.fd[0]) != is_directory(a.fd[1]); }
bool symlink_on_the_way(const Args& a) { return !a.pseudo; }
bool source_unbindable(const Args& a) {
  return a.pseudo && (a.in.word[1] & plan::bit::tree_CLONE);
}
bool pin_under_shared(const Args& a) {
  sys::Statfs found;
  return sys::fstatfs(a.fd[0], &found) == 0 && found.type == nsfs_magic &&
         sharing(a.fd[1]) == Sharing::shared;
}

// The errno alone says it.
bool mount_limit(const Args&) { return true; }
bool unknown_filesystem(const Args&) { return true; }
bool not_permitted(const Args&) { return true; }
bool group_missing(const Args&) { return true; }
bool other_superblock(const Args&) { return true; }
bool masked_symlink(const Args&) { return true; }
bool made_otherwise(const Args&) { return true; }
bool anchor_missing(const Args&) { return true; }
// fs/namespace.c check_for_nsfs_mounts(): a namespace holds only younger ones.
bool pin_inside(const Args&) { return true; }
bool pin_too_old(const Args&) { return true; }

}  // namespace reasons

struct Row {
  plan::Op op;
  uint8_t error;
  bool (*explains)(const Args&);
  Reason reason;
};

using namespace sys;  // the errnos' names
constexpr Row rows[] = {
#define REASON(id, name, op, errno, text) {plan::Op::op, errno, reasons::name, {id, text}},
#include "runtime/reasons.def"
};

}  // namespace

const Reason* find_reason(const Args& a, long error) {
  plan::Op op{a.in.op};
  if (op == plan::Op::open_tree_attr) op = plan::Op::open_tree;
  for (const Row& row : rows) {
    if (row.op == op && row.error == error && row.explains(a)) return &row.reason;
  }
  return nullptr;
}

}  // namespace mountc::run
