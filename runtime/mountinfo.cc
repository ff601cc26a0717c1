// runtime/mountinfo.cc - reads /proc/self/mountinfo.
#include "runtime/mountinfo.h"

#include "runtime/ops.h"

namespace mountc::run {

uint32_t read_number(const char*& at) {
  uint32_t value = 0;
  while (*at >= '0' && *at <= '9') value = value * 10 + static_cast<uint32_t>(*at++ - '0');
  return value;
}

Mountinfo::Mountinfo(Room& given) : room(&given) {
  const int proc = sys::proc();
  file = sys::open(proc, "self/mountinfo", sys::o_rdonly);
  sys::close(proc);
}

const char* Mountinfo::word(int index) const {
  const char* from = room->line;
  while (index > 0 && *from) {
    if (*from++ == ' ') --index;
  }
  return from;
}

uint32_t Mountinfo::number(Word which) const {
  const char* digits = word(which);
  return read_number(digits);
}

uint32_t Mountinfo::propagation() const {
  uint32_t found = 0;
  for (int index = more;; ++index) {
    switch (*word(index)) {
      case 's': found |= plan::bit::propagation_SHARED; break;
      case 'm': found |= plan::bit::propagation_SLAVE; break;
      case 'u': found |= plan::bit::propagation_UNBINDABLE; break;
      case '-':
      case 0: return found;
      default: break;
    }
  }
}

bool Mountinfo::next() {
  char* to = room->line;
  int word = 0;
  for (;;) {
    if (at >= got) {
      at = 0;
      got = sys::read(file, room->bytes, sizeof room->bytes);
      if (got <= 0) return false;
    }
    const char c = room->bytes[at++];
    *to = 0;
    if (c == '\n') return true;
    const int kept = word == place && c != ' ' ? behind_place : 1;
    if (to < room->line + sizeof room->line - kept) *to++ = c;
    word += c == ' ';
  }
}

bool Mountinfo::find(uint64_t wanted) {
  sys::call(sys::Call::lseek, file, 0, 0);
  at = got = 0;
  while (next()) {
    if (number(id) == wanted) return true;
  }
  return false;
}

}  // namespace mountc::run
