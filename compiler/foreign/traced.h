// compiler/foreign/traced.h - the processes of an strace log: what descriptors, directories and
// namespaces they have. Internal to foreign/.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/foreign/executor.h"

namespace mountc {

// What a descriptor of a process stands for.
struct Descriptor {
  kernel::Path path = {};
  bool owns_tree = false;
  uint32_t ns_of = 0;  // the file of this process's mount namespace
  bool is_ns = false;
};

struct Context {  // of fsopen(2)
  std::string type, source, options;
};

struct Traced {
  size_t space = 0;
  kernel::Task task;
  std::map<int, Descriptor> fds;
  std::map<int, Context> contexts;
};

// The number that a text begins with; -1: none.
int leading_number(const std::string& text);

class TracedExecutor : public Executor {
 protected:
  using Words = std::vector<std::string>;

  TracedExecutor();
  // The process of the call is the one that acts, until end().
  void begin(const Command& call);
  void end();

  bool at(const std::string& dir, std::string path, kernel::Path& found);
  bool is_link_of_descriptor(std::string& path, kernel::Path& from) const override;
  void keep(const Descriptor& made);

  void open(const Words& words);
  void close(const Words& words);
  void make_node(const Words& words);
  void make_link(const Words& words);
  void remove_node(const Words& words);
  void rename_node(const Words& words);
  void fork(const Words& words);
  void enter(const Words& words);
  void chdir(const Words& words);
  void fchdir(const Words& words);
  void chroot(const Words& words);
  void pivot(const Words& words);

  Traced* self_ = nullptr;

 private:
  kernel::Path directory(const std::string& dir) const;

  std::map<uint32_t, std::shared_ptr<Traced>> processes_;  // threads have one together
  uint32_t last_ = 0;
};

}  // namespace mountc
