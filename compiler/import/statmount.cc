// compiler/import/statmount.cc - the two system calls that tell of mounts by number.
#include "compiler/import/statmount.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace mountc::statmount {
namespace {

// They have the same numbers on all machines but alpha and mips.
constexpr long call_statmount = 457, call_listmount = 458;

struct Request {  // MNT_ID_REQ_SIZE_VER1
  uint32_t size, spare;
  uint64_t id, parameter, ns;
};

constexpr size_t batch = 4096;
constexpr size_t answer_bytes_max = size_t{16} << 20;  // options have no limit of their own

}  // namespace

bool Asker::list(uint64_t below, std::vector<uint64_t>& ids, size_t most) const {
  for (uint64_t last = 0;;) {
    const size_t before = ids.size();
    ids.resize(before + batch);
    const Request request{sizeof request, 0, below, last, ns_};
    const long count = ::syscall(call_listmount, &request, &ids[before], batch, 0u);
    ids.resize(before + (count < 0 ? 0 : static_cast<size_t>(count)));
    if (count < 0) return false;
    if (static_cast<size_t>(count) < batch || ids.size() > most) return true;
    last = ids.back();
  }
}

const Answer* Asker::ask(uint64_t id, uint64_t what) {
  const Request request{sizeof request, 0, id, what, ns_};
  for (;;) {
    const size_t bytes = buffer_.size() * sizeof(uint64_t);
    if (::syscall(call_statmount, &request, buffer_.data(), bytes, 0u) == 0) {
      return reinterpret_cast<const Answer*>(buffer_.data());
    }
    if (errno != EOVERFLOW || bytes >= answer_bytes_max) return nullptr;
    buffer_.resize(buffer_.size() * 2);
  }
}

uint64_t number_of_namespace(int file) {
  uint64_t number = 0;
  return ::ioctl(file, _IOR(0xb7, 5, uint64_t), &number) == 0 ? number : 0;
}

}  // namespace mountc::statmount
