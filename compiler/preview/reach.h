// compiler/preview/reach.h - where a mount, or an unmount, made at one place appears.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/preview/model.h"

namespace mountc {

enum class Relation : uint8_t { here, peer, slave };

struct Reached {
  size_t space = 0;  // of the world
  std::string path;
  Relation relation = Relation::here;
  size_t from = 0;  // the place that it is received from; of the first its own
};

struct Reach {
  kernel::Answer answer;        // refused: why
  std::vector<Reached> places;  // the first is where the mount is made
  bool is_shared = false;
};

// Mounts an empty filesystem at the path in the namespace `space`, on a copy of the world.
Reach reach_of(ModelWorld world, size_t space, const std::string& path);

}  // namespace mountc
