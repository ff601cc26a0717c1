// compiler/snapshot/pairing.h - names of one side and numbers of the other, paired one to one.
// Internal to snapshot/.
#pragma once

#include <cstdint>
#include <map>

namespace mountc {

class Pairing {
 public:
  // One of several of the first side that may all be this one of the second.
  bool pair_loosely(uint32_t first, uint32_t second) {
    return to_second_.try_emplace(first, second).first->second == second;
  }

  // May the two stand for each other? Pairs them if nothing speaks against it.
  bool pair(uint32_t first, uint32_t second) {
    const auto a = to_second_.find(first);
    const auto b = to_first_.find(second);
    if (a == to_second_.end() && b == to_first_.end()) {
      to_second_[first] = second;
      to_first_[second] = first;
      return true;
    }
    return a != to_second_.end() && a->second == second;
  }

  bool could_pair(uint32_t first, uint32_t second) const {
    const auto a = to_second_.find(first);
    const auto b = to_first_.find(second);
    if (a == to_second_.end() && b == to_first_.end()) return true;
    return a != to_second_.end() && a->second == second;
  }

 private:
  std::map<uint32_t, uint32_t> to_second_, to_first_;
};

}  // namespace mountc
