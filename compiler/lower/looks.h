// compiler/lower/looks.h - how a declared mount looks in mountinfo, as far as the layout
// decides it: the patterns of `expect`.
#pragma once

#include <map>
#include <string>

#include "compiler/layout/layout.h"

namespace mountc {

class Looks {
 public:
  explicit Looks(const Layout& layout) : layout_(layout) {}

  // "/ * rw,nosuid,relatime shared:@0 - tmpfs ": what stands there from the root on. `*` is
  // anything, `#` what is not known, `@N` the number of a group, the same in all patterns.
  std::string of(MountId m);

 private:
  std::string sharing(MountId m);
  std::string number_of(GroupId group);
  bool propagates(MountId m) const;

  const Layout& layout_;
  std::map<GroupId, uint32_t> numbers_;
};

}  // namespace mountc
