// compiler/foreign/executor.h - a process that runs a script on the model. Internal to
// foreign/.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "compiler/foreign/entries.h"
#include "compiler/foreign/translate.h"

namespace mountc {

class Executor {
 public:
  Executor();
  virtual ~Executor() = default;
  Translation finish();

 private:
  struct KnownEntry {
    std::vector<std::string> names = {};  // below what is taken away
    kernel::DentryKind kind = kernel::DentryKind::any;
    std::optional<snapshot::Entry> made = {};
  };

  void forget_what_was_moved();
  std::vector<KnownEntry> take_away(kernel::Path at);
  void put(kernel::Path at, const std::vector<KnownEntry>& entries);
  bool place_of(const MadeEntry& entry, kernel::Path& place, std::string& path);

 protected:
  struct Process {
    size_t space = 0;  // the namespace that it is in
    kernel::Task task;
  };

  kernel::Kernel& kernel() { return result_.world.kernel; }
  kernel::Task& task() { return process_.task; }
  bool find(const std::string& path, kernel::Path& found);
  // Where the path begins that something else than names leads to; what is left of it.
  virtual bool is_link_of_descriptor(std::string&, kernel::Path&) const { return false; }
  bool answer(const kernel::Answer& answer);  // is it done?
  void pass_over(std::string_view why);
  void remark(std::string_view what);
  bool unshare();

  // Calls that leave something to remember of what they mount: the host's own flags, groups and
  // further mounts are not known.
  bool bind(kernel::Path from, const std::string& target, bool recursive);
  bool set_flags(kernel::Path at, uint32_t set, uint32_t clear);
  bool change_type(kernel::Path at, kernel::Propagation type, bool recursive);

  // executor_kinds.cc: what is a file, and what a directory. What the script itself makes is
  // known, and what it binds there is of the same kind; of the host it is what this machine
  // has.
  kernel::DentryKind kind_of(kernel::Path at);
  void learn_kind(kernel::Path at, kernel::DentryKind kind);
  void match_kinds(kernel::Path from, kernel::Path to);
  bool is_there(const std::string& how, const std::string& path);  // [ -e PATH ]

  // executor_entries.cc: what a layout makes, too, where it is in memory.
  void remember(kernel::Path at, const std::string& keyword, const std::string& rest);
  void remove(kernel::Path at, bool all);  // all: with what is in it
  void move(kernel::Path from, kernel::Path to, bool exchange);
  void make_entries(const std::vector<std::string>& words);

  kernel::SuperblockRef new_superblock(const std::string& type, const std::string& source,
                                       const std::string& options);

  const Command* command_ = nullptr;
  Process process_;
  Translation result_;
};

}  // namespace mountc
