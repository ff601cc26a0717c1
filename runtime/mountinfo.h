// runtime/mountinfo.h - /proc/self/mountinfo, line by line: what every kernel says of a mount.
#pragma once

#include "runtime/sys.h"

namespace mountc::run {

class Mountinfo {
 public:
  // Lines are cut at this length; what is behind the type of the filesystem is not needed.
  static constexpr size_t line_size = 4096;

  // Of a procfs of its own, or /proc. `line` has line_size bytes, and holds the last one read.
  explicit Mountinfo(char* line);
  ~Mountinfo() { sys::close(file_); }
  Mountinfo(const Mountinfo&) = delete;
  Mountinfo& operator=(const Mountinfo&) = delete;

  // False: there is no more, or it cannot be read.
  bool next();
  // Goes on to the mount of this number.
  bool find(uint64_t wanted);

  uint64_t id, parent;
  // Of a mount flags as MOUNT_ATTR_*, propagation as MS_*; the numbers are 0 where there is
  // none.
  uint32_t attributes, propagation, peers, master;
  // Into the line: they end at a blank.
  const char *device, *root, *place, *type;

 private:
  void take(int number, const char* word);
  void take_optional(const char* word);

  int file_;
  char* line_;
  long at_ = 0, got_ = 0;
  char bytes_[1024];
};

// Are the words that begin here the same? They end at a blank.
bool same_word(const char* a, const char* b);

}  // namespace mountc::run
