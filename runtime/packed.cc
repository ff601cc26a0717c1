// runtime/packed.cc - where the kernel enters a packed `mountrun`: the image is unpacked into
// zero pages, which then can be executed and no longer be written, and goes on as if it had
// been executed itself.
#include "runtime/machine.h"
#include "runtime/unpack.h"

using namespace mountc;

extern "C" const uint64_t unpacked_room;  // of packed.S
extern "C" const pack::Packed packed;
extern "C" uint8_t unpacked[];

namespace {

constexpr int read_execute = 5, private_fixed = 0x12, cloexec = 1;
constexpr char refused[] = "mountrun: error: no memory can be made executable\n";

// What has been written to must not be executed, says systemd's MemoryDenyWriteExecute= or
// prctl(PR_SET_MDWE). What a file holds may be, and this file has no name.
bool map_copy(size_t size) {
  const int fd = sys::as_fd(sys::call(sys::Call::memfd_create, "mountrun", cloexec));
  const bool copied =
      sys::write(fd, unpacked, size) == static_cast<long>(size) &&
      sys::call(sys::Call::mmap, unpacked, size, read_execute, private_fixed, fd, 0) > 0;
  sys::close(fd);
  return copied;
}

}  // namespace

extern "C" void unpack_image() {
  const size_t size = unpacked_room - pack::slack;
  pack::unpack(packed, unpacked, size);
  if (sys::call(sys::Call::mprotect, unpacked, size, read_execute) == 0 || map_copy(size))
    return;
  sys::write(2, refused, sizeof refused - 1);
  sys::call(sys::Call::exit_group, run::Exit::unsupported);
}
