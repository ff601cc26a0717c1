// compiler/validate/simulator.h - runs a plan's steps on the model of the kernel.
//
// Each opcode of ops.def is a function of its name here, with the operands of its row: a row
// without one, or with other operands, does not compile.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/lower/program.h"
#include "compiler/validate/scenario.h"

namespace mountc {

// How a step ended.
struct Outcome {
  bool skipped = false;
  bool null = false;  // done, and what it defines is null
  kernel::Answer answer;
  bool machine_decides = false;  // it fails in the model, where on a machine it may succeed
  std::string_view
      defect;  // not the kernel but the plan is wrong, or one of the runtime's checks

  Outcome() = default;
  Outcome(kernel::Answer a) : answer(a) {}  // NOLINT: meant to be implicit
  bool failed() const { return answer.refused() || !defect.empty(); }
};

inline Outcome defective(std::string_view what) {
  Outcome outcome;
  outcome.defect = what;
  return outcome;
}

inline Outcome null_outcome() {
  Outcome outcome;
  outcome.null = true;
  return outcome;
}

// The plan may go on without what is not there.
inline bool is_missing(const kernel::Answer& answer) {
  return answer.refusal == kernel::Refusal::missing ||
         answer.refusal == kernel::Refusal::not_a_directory;
}

// What the plan made in a filesystem of its own.
struct MadeEntry {
  uint32_t mode = 0, device = 0, uid = 0, gid = 0;
  std::string_view text = {};  // of a symbolic link
};

// The user namespace that ids are mapped by: one that there is, or one that the plan made.
struct MadeIdMap {
  kernel::DentryRef file = kernel::nothing;
  std::string_view uids = {}, gids = {};
  auto operator<=>(const MadeIdMap&) const = default;
};

// How a superblock was configured.
struct MadeSuperblock {
  std::string type;
  std::optional<std::string> source;
  std::vector<std::pair<std::string, std::optional<std::string>>> options;
  kernel::SuperblockRef superblock = kernel::nothing;
  bool mounted = false;
};

class Simulator {
 public:
  // `steps` are those of one way of the program.
  Simulator(World& world, const Program& program, std::span<const Step> steps);
  Simulator(World& world, const Program& program) : Simulator(world, program, program.steps) {}

  // Called after each step. The first failure ends the run.
  using Observer = std::function<void(size_t step, const Outcome&)>;
  // The step that failed, or nothing.
  std::optional<size_t> run(const Observer& observer = {});
  // Closes what is still open, as the end of the process does.
  void close_all();
  // Another process begins with these steps.
  void go_on(std::span<const Step> steps);

  const Outcome& last() const { return outcome_; }
  const std::unordered_map<kernel::DentryRef, MadeEntry>& entries() const { return entries_; }
  const std::vector<MadeSuperblock>& superblocks() const { return superblocks_; }
  const std::vector<kernel::NamespaceRef>& namespaces() const { return namespaces_; }
  // By the number, from 1, that the model's mounts have of it.
  const std::vector<MadeIdMap>& id_maps() const { return id_maps_; }
  // What a slot holds, if that is a place in a mount.
  const kernel::Path* place_of(Register r) const;

 private:
  struct Slot {
    enum class Holds : uint8_t { null, path, context, ns };
    Holds holds = Holds::null;
    bool owns_tree = false;  // a detached one, which goes with the descriptor
    kernel::Path path = {};
    uint32_t index = 0;  // of superblocks_, or a namespace
    MadeIdMap map = {};  // of a user namespace
    std::string_view directory = {};  // that it is a clone of, for binds of what lies there
  };

  // The instructions. An operand that is a slot is a Register, perhaps with reg_last_use;
  // flags, modes and the like are the number; strings and what is in a pool are looked up for
  // them.
  using Text = std::string_view;
  using Attr = const plan::Attr&;
  using Pair = const plan::Pair&;
  using Number = uint32_t;

  // steps_tree.cc
  Outcome open_tree(Register fd, Register dir, Text path, Number flags);
  Outcome open_tree_attr(Register fd, Register dir, Attr attr, Text path, Number flags);
  Outcome bind(Register fd, Register near, Attr attr, Text path, Number flags);
  Outcome openat2(Register fd, Register dir, Text path, Number flags);
  Outcome mount_setattr(Register fd, Attr attr, Number flags);
  Outcome move_mount(Register fd, Register dir, Text name, Number flags);
  Outcome set_group(Register from, Register to, Number flags);
  Outcome user_namespace(Register ns, Text uids, Text gids);
  Outcome idmap(Register fd, Register ns, Number flags);

  // steps_filesystem.cc
  Outcome fsopen(Register ctx, Text type);
  Outcome fsconfig_flag(Register ctx, Text key);
  Outcome fsconfig_string(Register ctx, Text key, Text value);
  Outcome fsconfig_path(Register ctx, Text key, Text path);
  Outcome fsconfig_fd(Register ctx, Register fd, Text key);
  Outcome fsconfig_create(Register ctx, Number flags);
  Outcome fsmount(Register fd, Register ctx, Number attr);
  Outcome mkdirat(Register dir, Text name, Number mode);
  Outcome mknodat(Register dir, Pair node, Text name);
  Outcome symlinkat(Register dir, Text name, Text text);
  Outcome fchownat(Register dir, Pair owner, Text name);
  Outcome fchmodat(Register dir, Text name, Number mode);
  Outcome make(Register made, Register dir, Register wanted_by, Text name, Number mode);

  // steps_check.cc
  Outcome close(Register fd);
  Outcome only_if(Register fd, Register condition);
  Outcome if_shared(Register fd, Register dir);
  Outcome check_shared(Register fd);
  Outcome widen(Register from, Register to, Register anchor, Text rest, Text directory);
  Outcome required(Register fd, Register with);

  // steps_namespace.cc
  Outcome namespace_(Register ns, Register root, Text name, Number flags);
  Outcome stage(Register fd, Register ns);
  Outcome unstage(Register fd);

  // steps_publish.cc
  Outcome publish(Register fd, Register dir, Register guard);
  Outcome publish_root(Register fd, Register dir, Register guard);
  Outcome stacked(Register fd, Register tree);
  Outcome publish_beneath(Register fd, Register dir, Number flags);
  Outcome mask(Register dir, Text path);

  // steps_back.cc
  Outcome expect(Register fd, Text is, Number flags);
  Outcome compare(Register fd);
  Outcome replaceable(Register fd, Number flags);
  Outcome unmount(Register fd);
  Outcome unguard(Register fd);

  using Function = Outcome (*)(Simulator&, const Step&);
  static const Function functions[];
  template <plan::Op op, typename... Operands>
  Outcome call(Outcome (Simulator::*instruction)(Operands...), const Step& step);
  template <typename Operand>
  Operand operand(uint32_t argument) const;

  Outcome execute(const Step& step);
  Slot& slot(Register r) { return slots_[used(r)]; }
  bool is_null(Register r) const;
  void give_up(Register r);
  void fill(Register r, kernel::Path place);
  void fill_with_tree(Register r, kernel::Path root);
  // Where a `dir` operand and a path lead.
  kernel::Answer look_up(Register dir, std::string_view path, uint32_t flags,
                         kernel::Path& found);
  kernel::Answer clone(kernel::Path found, const plan::Attr* attr, Number flags,
                       kernel::Path& made);
  Outcome pick_up(Register fd, Register dir, Text path, Number flags, const plan::Attr* attr);
  Outcome make_entry(Register dir, Text name, kernel::DentryKind kind, const MadeEntry& entry);
  MadeEntry* entry(Register dir, Text name);
  bool may_be_one_superblock(kernel::DentryRef a, kernel::DentryRef b) const;
  Outcome change_root(Register root, Number flags, kernel::Task& child);
  Outcome configure(Register ctx, Text key, std::optional<std::string> value);

  World& world_;
  kernel::Kernel& kernel_;
  kernel::Task task_;
  const Program& program_;
  std::span<const Step> steps_;
  kernel::Task home_;  // where the task was before it went on a stage
  std::vector<Slot> slots_;
  std::vector<MadeSuperblock> superblocks_;
  std::vector<kernel::NamespaceRef> namespaces_;
  std::unordered_map<kernel::DentryRef, MadeEntry> entries_;
  std::unordered_map<kernel::DentryRef, kernel::NamespaceRef> pinned_;  // by the file's root
  std::unordered_map<kernel::MountRef, bool> noted_;  // on the way back; may hold others
  kernel::MountRef noted_last_ = kernel::nothing;
  std::vector<MadeIdMap> id_maps_;
  std::map<MadeIdMap, uint32_t> id_map_numbers_;  // from 1
  Outcome outcome_;
};

}  // namespace mountc
