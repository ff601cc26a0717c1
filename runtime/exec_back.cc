// runtime/exec_back.cc - the instructions of the way back: they check what an earlier run has
// made, and take it away.
#include "runtime/machine.h"
#include "runtime/mountinfo.h"
#include "runtime/mounts.h"

namespace mountc::run {
namespace {

namespace bit = plan::bit;

uint32_t flags_of(const Instruction& in) { return in.word[1]; }

// Does what was noted first hold for the same declared group, of either kind, too? One declared
// group is one of the kernel's; but two of them may be the same group of the host.
bool same_groups(const Machine& m, const Noted& a, const Noted& b) {
  const plan::Pair& first = m.view.pairs[m.view.code[a.step].half[2]];
  const plan::Pair& second = m.view.pairs[m.view.code[b.step].half[2]];
  const auto same = [](uint32_t declared, uint32_t other, uint32_t found, uint32_t there) {
    return declared != other || !declared || !found || !there || found == there;
  };
  return same(first.first, second.first, a.peers, b.peers) &&
         same(first.first, second.second, a.peers, b.master) &&
         same(first.second, second.first, a.master, b.peers) &&
         same(first.second, second.second, a.master, b.master);
}

// 0, or the row of reasons.def that says in what a mount is not what was noted.
int difference(const Machine& m, Noted& noted, const Mountinfo& found) {
  const Instruction& in = m.view.code[noted.step];
  const plan::Attr& attr = m.view.attrs[in.half[1]];
  const plan::Pair& groups = m.view.pairs[in.half[2]];
  const uint32_t flags = flags_of(in);
  const uint32_t clear = flags & bit::expect_EXACT ? ~0u : attr.clear;
  if (((found.attributes & ~clear) | attr.set) != found.attributes) {
    return reason::flags_differ;
  }
  noted.peers = found.peers;
  noted.master = found.master;
  bool same = true;
  if (!(flags & bit::expect_ANY_GROUP)) {
    same = !groups.first == !found.peers &&
           !((attr.propagation ^ found.propagation) & bit::propagation_UNBINDABLE);
  }
  if (!(flags & bit::expect_ANY_MASTER)) same &= !groups.second == !found.master;
  for (const Noted* other = m.noted; other < &noted; ++other) {
    same &= same_groups(m, noted, *other);
  }
  if (!same) return reason::sharing_differs;
  // "TYPE", or "TYPE ROOT".
  const char* shows = m.view.text(in.word[0]);
  if (!*shows) return 0;
  if (!same_word(shows, found.type)) return reason::shows_other;
  shows += plan::length_until(shows, ' ');
  return *shows && !same_word(shows + 1, found.root) ? reason::shows_other : 0;
}

int refuse(Machine& m, uint32_t step, int why) {
  m.step = step;
  m.reason = why;
  return refused;
}

// What remains of `at` behind `prefix`, without the slash that is a whole path.
const char* rest_behind(const char* at, const char* prefix) {
  if (prefix[1] != ' ') {
    while (*prefix != ' ' && *at == *prefix) ++at, ++prefix;
    if (*prefix != ' ') return "?";
  }
  return at[0] == '/' && at[1] == ' ' ? at + 1 : at;
}

// A guard is a private mount that shows the directory that it covers.
bool is_guard(const Machine& m, int fd) {
  Mountinfo self(m.line);
  if (!self.find(mountinfo_id(fd)) || self.propagation) return false;
  char line[Mountinfo::line_size];
  Mountinfo below(line);
  return below.find(self.parent) && same_word(self.device, below.device) &&
         same_word(rest_behind(self.place, below.place), rest_behind(self.root, below.root));
}

}  // namespace

namespace exec {

int expect(Machine& m, const Args& a) {
  const uint32_t flags = a.word[1];
  const int fd = a.fd(0);
  if (m.options.replace && (flags & bit::expect_STACKED))
    return refuse(m, m.step, reason::stack_stays);
  if (fd < 0) {
    return flags & bit::expect_OPTIONAL ? 0 : refuse(m, m.step, reason::mount_gone);
  }
  const bool covered = flags & bit::expect_COVERED;
  m.noted[m.noted_count++] = {covered ? 0 : mountinfo_id(fd), m.step, 0, 0};
  return 0;
}

// Of a covered mount, only the one above it tells which it is: so it may take several readings
// until all are known, and then one more.
int compare(Machine& m, const Args&) {
  Noted* const begin = m.noted + m.compared;
  Noted* const end = m.noted + m.noted_count;
  m.compared = m.noted_count;
  for (bool all_known = false;;) {
    bool found_one = false;
    long seen = 0;
    Mountinfo line(m.line);
    while (line.next()) {
      const Noted* inside = nullptr;
      Noted* self = nullptr;
      for (Noted* each = begin; each < end; ++each) {
        if (each->id == line.parent) inside = each;
        if (each->id == line.id) self = each;
      }
      if (self) {
        ++seen;
        if (const int why = difference(m, *self, line)) {
          m.found = m.line;
          return refuse(m, self->step, why);
        }
        Noted* const below = self + 1;
        if (below < end && !below->id) below->id = line.parent, found_one = true;
      } else if (inside && all_known &&
                 !(flags_of(m.view.code[inside->step]) & bit::expect_MORE)) {
        m.found = m.line;
        return refuse(m, inside->step, reason::mounted_inside);
      }
    }
    if (all_known) return seen == end - begin ? 0 : refuse(m, m.step, reason::mounts_unknown);
    all_known = !found_one;
  }
}

int unmount(Machine& m, const Args& a) {
  static_assert(Mark::done_visibly == 1);
  const long done = take_away(a.fd(0), a.fd(0), &m.mark(a.half[0]));
  return done > 0 ? -sys::EBUSY : static_cast<int>(done);
}

int unguard(Machine& m, const Args& a) { return is_guard(m, a.fd(0)) ? unmount(m, a) : 0; }

}  // namespace exec
}  // namespace mountc::run
