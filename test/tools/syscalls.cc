// test/tools/syscalls.cc - see syscalls.h.
#include "test/tools/syscalls.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstring>

namespace mountc::test {
namespace {

struct Row {
  uint64_t number;
  const char* name;
  const char* kinds;
};

constexpr Row rows[] = {
#define CALL(name, kinds) {SYS_##name, #name, kinds},
#define CALL_AT(number, name, kinds) {number, #name, kinds},
#include "test/tools/syscalls.def"
};

constexpr int errno_max = 4095;  // include/linux/err.h MAX_ERRNO
constexpr size_t string_max = 4096;
constexpr size_t page_size_min = 4096;

const Row* find_row(uint64_t number) {
  const Row* row = std::find_if(std::begin(rows), std::end(rows),
                                [=](const Row& r) { return r.number == number; });
  return row == std::end(rows) ? nullptr : row;
}

std::string format(const char* pattern, uint64_t value) {
  char text[32];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

// Reads up to the end of a page at a time: what lies behind the string may not be mapped.
std::string read_string(pid_t process, uint64_t address) {
  if (address == 0) return "NULL";
  std::string text;
  while (text.size() < string_max) {
    char part[page_size_min];
    const uint64_t from = address + text.size();
    iovec local{part, page_size_min - from % page_size_min};
    iovec remote{reinterpret_cast<void*>(from), local.iov_len};
    const ssize_t got = process_vm_readv(process, &local, 1, &remote, 1, 0);
    if (got <= 0) return format("0x%" PRIx64, address);
    const size_t length = strnlen(part, static_cast<size_t>(got));
    text.append(part, length);
    if (length < static_cast<size_t>(got)) break;
  }
  return '"' + text + '"';
}

std::string argument(pid_t process, char kind, uint64_t value) {
  switch (kind) {
    case 'f':
      if (static_cast<int>(value) == AT_FDCWD) return "CWD";
      return std::to_string(static_cast<int>(value));
    case 'd':
      return std::to_string(static_cast<int64_t>(value));
    case 'o':
      return format("0%" PRIo64, value);
    case 's':
      return read_string(process, value);
    default:
      return format("0x%" PRIx64, value);
  }
}

}  // namespace

std::string call_name(uint64_t number) {
  const Row* row = find_row(number);
  return row ? row->name : std::to_string(number);
}

std::string describe(pid_t process, const Call& call) {
  const Row* row = find_row(call.number);
  const char* kinds = row ? row->kinds : "xxxxxx";
  std::string text = call_name(call.number) + '(';
  for (size_t at = 0; kinds[at]; ++at) {
    if (at > 0) text += ", ";
    text += argument(process, kinds[at], call.args[at]);
  }
  return text + ')';
}

std::optional<int> errno_number(std::string_view name) {
  for (int number = 1; number < errno_max; ++number) {
    const char* known = strerrorname_np(number);
    if (known && name == known) return number;
  }
  return std::nullopt;
}

std::string errno_name(int number) {
  const char* known = strerrorname_np(number);
  return known ? known : std::to_string(number);
}

int signal_number(std::string_view name) {
  for (int number = 1; number < NSIG; ++number) {
    const char* known = sigabbrev_np(number);
    if (known && name == std::string("SIG") + known) return number;
  }
  return 0;
}

}  // namespace mountc::test
