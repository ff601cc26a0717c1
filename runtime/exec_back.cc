// runtime/exec_back.cc - the instructions of the way back: they check what an earlier run has
// made, and take it away.
#include "runtime/machine.h"
#include "runtime/mountinfo.h"
#include "runtime/mounts.h"

namespace mountc::run {
namespace {

namespace bit = plan::bit;

// Does the line begin as the pattern says? `*` stands for any letters of a word, `#` for any
// words, and `@N` for the number of a group, which is the same wherever N stands.
bool is_like(const Machine& m, const char* line, const char* pattern) {
  const char *wild = nullptr, *rest = nullptr;  // the last one, and what it has not taken yet
  while (*pattern) {
    bool same = *pattern == *line;
    if (*pattern == '*' || *pattern == '#') {
      wild = pattern++;
      rest = line;
      continue;
    }
    if (*pattern == '@') {
      const uint32_t number = read_number(++pattern);
      if (number >= 2 * m.view.header->noted) return false;
      uint32_t& known = m.noted[number / 2].group[number % 2];
      const uint32_t found = read_number(line);
      if (!known) known = found;
      if (known != found) return false;
      continue;
    }
    ++pattern;
    ++line;
    if (same) continue;
    if (!wild || !*rest || (*wild == '*' && *rest == ' ')) return false;
    pattern = wild + 1;
    line = ++rest;
  }
  return true;
}

int refuse(Machine& m, uint32_t step, int why) {
  m.step = step;
  m.reason = why;
  return refused;
}

// What remains of `at` behind `prefix`, without the slash that is a whole path.
const char* rest_behind(const char* at, const char* prefix) {
  if (prefix[1]) {
    while (*prefix && *at == *prefix) ++at, ++prefix;
    if (*prefix) return "?";
  }
  return at[0] == '/' && !at[1] ? at + 1 : at;
}

// A guard is a private mount that shows the directory that it covers.
bool is_guard(const Machine& m, int fd) {
  Mountinfo::Room below;
  Shown guard, covered;
  return sharing(fd) == 0 && show(fd, *m.room, guard, below, covered) &&
         guard.device == covered.device &&
         plan::equal(rest_behind(guard.place, covered.place),
                     rest_behind(guard.root, covered.root));
}

}  // namespace

namespace exec {

int expect(Machine& m, const Args& a) {
  const uint32_t flags = a.word[1];
  const int fd = a.fd(0);
  if (fd < 0) {
    if (flags & bit::expect_OPTIONAL) return 0;
    // It cannot be seen where another mount lies over the one it is in.
    const uint32_t step = m.step;
    if (compare(m, a) && m.reason == reason::is_other) return refused;
    m.found = nullptr;
    return refuse(m, step, reason::mount_gone);
  }
  uint64_t id = mountinfo_id(fd);
  if ((flags & bit::expect_COVERED) && m.noted_count) {
    Mountinfo info(*m.room);
    id = info.find(m.noted[m.noted_count - 1].id) ? info.number(Mountinfo::parent) : 0;
  }
  return m.note(static_cast<uint32_t>(id));
}

int compare(Machine& m, const Args&) {
  const Noted* const begin = m.noted + m.compared;
  long missing = m.noted + m.noted_count - begin;
  m.compared = m.noted_count;
  const Noted* holder = nullptr;  // of the first one that was not noted
  uint32_t stranger = 0;
  Mountinfo info(*m.room);
  while (info.next()) {
    const uint32_t id = info.number(Mountinfo::id), parent = info.number(Mountinfo::parent);
    const Noted* blamed = m.known(id);
    int why = 0;
    if (blamed) {
      if (blamed >= begin) --missing;
      const char* const is = m.view.text(m.view.code[blamed->step].word[0]);
      if (!is_like(m, info.word(Mountinfo::root), is)) why = reason::is_other;
      // What was noted is the undeclared one, and hides the other: it has been found in its
      // place.
      if (stranger && parent == stranger) why = reason::mounted_inside;
    } else if (!stranger && (holder = m.known(parent))) {
      const bool more = m.view.code[holder->step].word[1] & bit::expect_MORE;
      if (!more) stranger = id;
    }
    if (!why) continue;
    m.found = m.room->line;
    return refuse(m, blamed->step, why);
  }
  if (stranger && info.find(stranger)) {
    m.found = m.room->line;
    return refuse(m, holder->step, reason::mounted_inside);
  }
  return missing ? refuse(m, m.step, reason::mounts_unknown) : 0;
}

int unmount(Machine& m, const Args& a) {
  static_assert(Mark::done_visibly == 1);
  const long done = take_away(a.fd(0), a.fd(0), a.fd(0), &m.mark(a.half[0]));
  return done > 0 ? -sys::EBUSY : static_cast<int>(done);
}

int unguard(Machine& m, const Args& a) { return is_guard(m, a.fd(0)) ? unmount(m, a) : 0; }

}  // namespace exec
}  // namespace mountc::run
