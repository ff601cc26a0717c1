// test/kernel/operation.h - one mount operation of a random sequence, for the model and for
// Linux.
//
// An operation names paths, namespaces and descriptors by text and number only, so that any
// part of a sequence can be run again without the rest.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace mountc::differential {

inline constexpr int namespaces_max = 3;
inline constexpr int handles_max = 5;

enum class Kind : uint8_t {
  mount_new,
  bind,
  move,
  change_type,
  remount,
  umount,
  open_tree,
  move_mount,
  set_group,
  setattr,
  close,
  unshare,
  pivot_root,
};

// Where an operation acts: a path of the namespace, or one beneath an open descriptor.
struct Spot {
  int handle = -1;
  std::string path;  // with a handle relative, or empty: the descriptor itself
};

struct Operation {
  Kind kind = Kind::bind;
  int ns = 0;
  Spot from, to;
  int handle = 0;  // that open_tree fills, close closes
  bool recursive = false;
  bool option = false;       // lazy; clone; beneath; less privileged
  uint32_t propagation = 0;  // MS_*
  uint32_t set = 0, clear = 0;
};

std::string text(const Operation& operation);

// Places that are worth trying, as the state of the sequence so far suggests.
struct Hints {
  int namespaces = 1;
  std::vector<std::string> mountpoints[namespaces_max];
  bool open[handles_max] = {};
};

Operation random_operation(std::mt19937_64& random, const Hints& hints);
// A mount with a group that receives from it: what random operations make too seldom.
std::vector<Operation> receivers(std::mt19937_64& random, const Hints& hints);

}  // namespace mountc::differential
