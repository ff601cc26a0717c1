// runtime/reasons.cc - the tests of reasons.def: does this rule of the kernel explain the failure?
// Every test runs after the failure, so it may take its time.
#include "runtime/mounts.h"
#include "runtime/probe.h"
#include "runtime/report.h"

namespace mountc::run {
namespace {

namespace reasons {

constexpr long nsfs_magic = 0x6e736673;

bool superblocks_differ(const Machine& m, const Instruction& in) {
  return !same_superblock(m.slot(in.half[0]), m.slot(in.half[1]));
}
bool donor_not_shared(const Machine& m, const Instruction& in) {
  return is_surely_private(m.slot(in.half[0]));
}
bool root_outside(const Machine&, const Instruction&) { return true; }  // the two rows above failed

bool nested_unsupported(const Machine&, const Instruction&) {
  return !features::nested_detached_by_trying();
}
bool target_symlink(const Machine& m, const Instruction& in) {
  sys::Statx found;
  return sys::statx(m.slot(in.half[1]), m.text(in.word[0]), sys::statx_type, &found) == 0 &&
         (found.mode & sys::s_ifmt) == sys::s_iflnk;
}
bool kinds_differ(const Machine& m, const Instruction& in) {
  sys::Statx found;
  return sys::statx(m.slot(in.half[1]), m.text(in.word[0]), sys::statx_type, &found) == 0 &&
         ((found.mode & sys::s_ifmt) == sys::s_ifdir) != is_directory(m.slot(in.half[0]));
}
bool target_kind(const Machine& m, const Instruction& in) {
  return is_directory(m.slot(in.half[0])) != is_directory(m.slot(in.half[1]));
}
bool symlink_on_the_way(const Machine&, const Instruction& in) {
  return !plan::is_pseudo(in.half[1]);
}
bool source_unbindable(const Machine&, const Instruction& in) {
  return plan::is_pseudo(in.half[1]) && (in.word[1] & plan::bit::tree_CLONE);
}
bool pin_under_shared(const Machine& m, const Instruction& in) {
  sys::Statfs found;
  return sys::fstatfs(m.slot(in.half[0]), &found) == 0 &&
         found.type == nsfs_magic && sharing(m.slot(in.half[1])) == Sharing::shared;
}

// The errno alone says it.
bool mount_limit(const Machine&, const Instruction&) { return true; }
bool unknown_filesystem(const Machine&, const Instruction&) { return true; }
bool not_permitted(const Machine&, const Instruction&) { return true; }
bool group_missing(const Machine&, const Instruction&) { return true; }
bool other_superblock(const Machine&, const Instruction&) { return true; }
bool masked_symlink(const Machine&, const Instruction&) { return true; }
bool made_otherwise(const Machine&, const Instruction&) { return true; }
bool anchor_missing(const Machine&, const Instruction&) { return true; }

}  // namespace reasons

struct Row {
  plan::Op op;
  uint8_t error;
  bool (*explains)(const Machine&, const Instruction&);
  Reason reason;
};

using namespace sys;  // the errnos' names
constexpr Row rows[] = {
#define REASON(id, name, op, errno, text) {plan::Op::op, errno, reasons::name, {id, text}},
#include "runtime/reasons.def"
};

}  // namespace

const Reason* find_reason(const Machine& m, const Instruction& in, long error) {
  plan::Op op{in.op};
  if (op == plan::Op::open_tree_attr) op = plan::Op::open_tree;
  for (const Row& row : rows) {
    if (row.op == op && row.error == error && row.explains(m, in)) return &row.reason;
  }
  return nullptr;
}

}  // namespace mountc::run
