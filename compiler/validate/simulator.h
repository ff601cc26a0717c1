// compiler/validate/simulator.h - runs a plan's steps on the model of the kernel.
//
// Each opcode of ops.def is a function of its name here: a row without one does not compile.
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
  uint32_t text = 0;  // of a symbolic link, in the program's strings
};

// The user namespace that ids are mapped by: one that there is, or one that the plan made.
struct MadeIdMap {
  kernel::DentryRef file = kernel::nothing;
  uint32_t uids = 0, gids = 0;  // in the program's strings
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
  std::string_view text_of(const MadeEntry& entry) const { return text(entry.text); }
  std::string_view text_of(uint32_t string) const { return text(string); }
  // By the number, from 1, that the model's mounts have of it.
  const std::vector<MadeIdMap>& id_maps() const { return id_maps_; }
  // What a slot holds, if that is a place in a mount.
  const kernel::Path* path(uint32_t argument) const;

 private:
  struct Slot {
    enum class Holds : uint8_t { null, path, context, ns };
    Holds holds = Holds::null;
    bool owns_tree = false;
    kernel::Path path;
    uint32_t index = 0;  // of superblocks_, or a namespace
    MadeIdMap map = {};  // of a user namespace
  };

#define OP(code, name, since, effect, summary, ...) Outcome name(const Step& step);
#include "runtime/ops.def"

  using Function = Outcome (Simulator::*)(const Step&);
  static const Function functions[];

  Outcome execute(const Step& step);
  Slot& slot(uint32_t argument) { return slots_[argument & ~reg_last_use]; }
  bool is_null(uint32_t argument) const;
  void give_up(uint32_t argument);
  void fill(uint32_t argument, kernel::Path path, bool owns_tree);
  std::string_view text(uint32_t index) const { return program_.strings[index]; }
  // Where a `dir` operand and a path lead.
  kernel::Answer look_up(uint32_t dir, std::string_view path, uint32_t flags,
                         kernel::Path& found);
  Outcome pick_up(const Step& step, uint32_t path, uint32_t flags, const plan::Attr* attr);
  kernel::AttributeChange change(const plan::Attr& attr, bool recursive) const;
  Outcome make_entry(uint32_t dir, std::string_view name, kernel::DentryKind kind,
                     const MadeEntry& entry);
  MadeEntry* entry(uint32_t dir, std::string_view name);
  bool may_be_one_superblock(kernel::DentryRef a, kernel::DentryRef b) const;
  Outcome change_root(const Step& step, kernel::Task& child);
  Outcome configure(uint32_t context, uint32_t key, std::optional<uint32_t> value);

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
