// runtime/mountinfo.cc - reads /proc/self/mountinfo (fs/proc_namespace.c show_mountinfo()):
//   id parent device root place options [shared:N] [master:N] [unbindable] - type source ...
#include "runtime/mountinfo.h"

#include "runtime/ops.h"

namespace mountc::run {
namespace {

constexpr uint32_t relatime = 0x40;  // unused in the field of the atime modes, where 0 says it

struct Option {
  uint32_t bit;
  char word[12];
};

constexpr Option options[] = {
    {plan::bit::attr_RDONLY, "ro"},
    {plan::bit::attr_NOSUID, "nosuid"},
    {plan::bit::attr_NODEV, "nodev"},
    {plan::bit::attr_NOEXEC, "noexec"},
    {plan::bit::attr_NOATIME, "noatime"},
    {plan::bit::attr_NODIRATIME, "nodiratime"},
    {plan::bit::attr_IDMAP, "idmapped"},
    {plan::bit::attr_NOSYMFOLLOW, "nosymfollow"},
    {relatime, "relatime"},
};

bool ends(char c) { return c == 0 || c == ' '; }

uint32_t number(const char* digits) {
  uint32_t value = 0;
  while (*digits >= '0' && *digits <= '9')
    value = value * 10 + static_cast<uint32_t>(*digits++ - '0');
  return value;
}

uint32_t attributes_of(const char* at) {
  uint32_t found = 0;
  while (!ends(*at)) {
    for (const Option& option : options) {
      size_t same = 0;
      while (option.word[same] && option.word[same] == at[same]) ++same;
      if (!option.word[same] && (at[same] == ',' || ends(at[same]))) found |= option.bit;
    }
    while (!ends(*at) && *at++ != ',') {
    }
  }
  if (!(found & (relatime | plan::bit::attr_NOATIME))) found |= plan::bit::attr_STRICTATIME;
  return found & ~relatime;
}

}  // namespace

bool same_word(const char* a, const char* b) {
  while (!ends(*a) && *a == *b) ++a, ++b;
  return ends(*a) && ends(*b);
}

Mountinfo::Mountinfo(char* line) : line_(line) {
  const int proc = sys::proc();
  file_ = sys::open(proc, "self/mountinfo", sys::o_rdonly);
  sys::close(proc);
}

void Mountinfo::take_optional(const char* word) {
  const char kind = *word;
  while (!ends(*word) && *word++ != ':') {
  }
  if (kind == 's') peers = number(word), propagation |= plan::bit::propagation_SHARED;
  if (kind == 'm') master = number(word), propagation |= plan::bit::propagation_SLAVE;
  if (kind == 'u') propagation |= plan::bit::propagation_UNBINDABLE;
}

void Mountinfo::take(int index, const char* word) {
  if (index == 0) id = number(word);
  if (index == 1) parent = number(word);
  if (index == 2) device = word;
  if (index == 3) root = word;
  if (index == 4) place = word;
  if (index == 5) attributes = attributes_of(word);
  if (index > 5) take_optional(word);
}

bool Mountinfo::next() {
  char* to = line_;
  for (char c = 0; c != '\n';) {
    if (at_ == got_) {
      got_ = sys::read(file_, bytes_, sizeof bytes_);
      at_ = 0;
      if (got_ <= 0) got_ = 0;
      if (!got_) return false;
    }
    c = bytes_[at_++];
    if (to < line_ + line_size - 1) *to++ = c;
  }
  *to = 0;
  if (to > line_ && to[-1] == '\n') to[-1] = 0;
  peers = master = propagation = 0;
  type = "";
  const char* word = line_;
  for (int index = 0; *word; ++index) {
    if (*word == '-' && index > 5) {
      type = word + 2;
      break;
    }
    take(index, word);
    while (!ends(*word)) ++word;
    if (*word) ++word;
  }
  return true;
}

bool Mountinfo::find(uint64_t wanted) {
  while (next()) {
    if (id == wanted) return true;
  }
  return false;
}

}  // namespace mountc::run
