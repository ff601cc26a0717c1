// compiler/import/statmount.h - the two system calls that tell of mounts by number:
// listmount(2) and statmount(2). Internal to import/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mountc::statmount {

inline constexpr uint64_t root_of_namespace = UINT64_MAX;  // LSMT_ROOT

// What a request asks for, and what an answer holds: STATMOUNT_* of Linux 6.18 <linux/mount.h>.
enum What : uint64_t {
  superblock = 0x1,
  mount = 0x2,
  root = 0x8,
  point = 0x10,
  type = 0x20,
  subtype = 0x100,
  source = 0x200,      // Linux 6.13
  options = 0x400,     // Linux 6.13
  security = 0x800,    // Linux 6.13
  supported = 0x1000,  // Linux 6.15
  uids = 0x2000,       // Linux 6.15
  gids = 0x4000,       // Linux 6.15
};

struct Answer {
  uint32_t size, mount_options;
  uint64_t mask;
  uint32_t device_major, device_minor;
  uint64_t magic;
  uint32_t superblock_flags, type;
  uint64_t id, parent;
  uint32_t shown_id, shown_parent;  // the numbers of mountinfo
  uint64_t attributes, propagation, group, master, propagate_from;
  uint32_t root, point;
  uint64_t ns;
  uint32_t subtype, source;
  uint32_t option_count, options, security_count, security;
  uint64_t supported;
  uint32_t uid_count, uids, gid_count, gids;
  uint64_t spare[43];

  bool has(What what) const { return mask & what; }
  // Strings lie behind the answer; where there are several, each ends with a NUL.
  std::string_view string(uint32_t at) const {
    return reinterpret_cast<const char*>(this + 1) + at;
  }
};
static_assert(sizeof(Answer) == 512);

// Asks in one namespace; 0 is the caller's.
class Asker {
 public:
  explicit Asker(uint64_t ns) : ns_(ns) {}

  // The numbers of `below` and of all mounts that it leads to; of `root_of_namespace` all that
  // can be reached from the root; not many more than `most`. false: errno says why.
  bool list(uint64_t below, std::vector<uint64_t>& ids, size_t most = SIZE_MAX) const;
  // nullptr: errno says why. The next question overwrites the answer.
  const Answer* ask(uint64_t id, uint64_t what);

 private:
  uint64_t ns_;
  std::vector<uint64_t> buffer_ = std::vector<uint64_t>(1024);
};

// The number of the namespace of a file: NS_GET_MNTNS_ID, Linux 6.11. 0: there is none.
uint64_t number_of_namespace(int file);

}  // namespace mountc::statmount
