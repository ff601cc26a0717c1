// runtime/mountinfo.h - /proc/self/mountinfo, line by line: what every kernel says of a mount.
//   id parent device root place options [shared:N] [master:N] [unbindable] - type source ...
// (fs/proc_namespace.c show_mountinfo())
#pragma once

#include "runtime/sys.h"

namespace mountc::run {

struct Mountinfo {
  // Lines are cut at this length; what is behind the type of the filesystem is not needed. Of a
  // place that leaves no room for what is behind it, the end is left out: trees grow deeper than
  // PATH_MAX, and the kernel shows the whole path (fs/seq_file.c seq_path()).
  static constexpr int behind_place = 256;
  struct alignas(8) Room {  // also for statmount(2)
    char line[4096];
    char bytes[1024];
  };

  enum Word { id, parent, device, root, place, options, more };

  // Of a procfs of its own, or /proc. The room holds the last line.
  explicit Mountinfo(Room& given);
  ~Mountinfo() { sys::close(file); }
  Mountinfo(const Mountinfo&) = delete;
  Mountinfo& operator=(const Mountinfo&) = delete;

  // False: there is no more, or it cannot be read.
  bool next();
  // The mount of this number, read from the beginning.
  bool find(uint64_t wanted);

  const char* word(int index) const;
  uint32_t number(Word which) const;
  uint32_t propagation() const;  // MS_SHARED, MS_SLAVE, MS_UNBINDABLE

  Room* room;

 private:
  int file;
  long at = 0, got = 0;
};

// Goes on behind its digits.
uint32_t read_number(const char*& at);

}  // namespace mountc::run
