// compiler/import/mount_calls.h - the system calls that reconnect() makes. Internal to import/.
//
// Each answers -1 where it fails; errno says why.
#pragma once

#include <cstdint>
#include <string>

namespace mountc {

// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(-1); }
  void reset(int fd);
  int get() const { return fd_; }

 private:
  int fd_;
};

// PATH as a process sees it whose root directory this is.
int open_in_root(int root, const std::string& path);

// A detached clone of the mount, or of what is at the path.
int clone_of(int fd);
int clone_at(const std::string& path);

// Linux fs/namespace.c do_set_group(): `to` joins the group of `from`.
int set_group(int from, int to);
// MS_PRIVATE, MS_SLAVE
int set_propagation(int fd, uint64_t propagation);

}  // namespace mountc
