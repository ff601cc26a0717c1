// compiler/import/mountinfo_line.cc - one line of mountinfo.
#include "compiler/import/mountinfo_line.h"

#include <charconv>

#include "compiler/layout/mountinfo_text.h"
#include "compiler/syntax/value.h"

namespace mountc {
namespace {

// Takes what stands before the next separator off the front of `rest`.
std::string_view take(std::string_view& rest, char separator) {
  const size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

template <typename Number>
bool read_number(std::string_view digits, Number& number) {
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
  return error == std::errc() && end == digits.end() && !digits.empty();
}

bool is_device(std::string_view text) {
  uint32_t number = 0;
  const std::string_view major = take(text, ':');
  return read_number(major, number) && read_number(text, number);
}

// No empty component, no `.` and no `..`.
bool is_tidy(std::string_view path) {
  if (path == "/") return true;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::string_view name = path.substr(0, path.find('/'));
    if (name.empty() || name == "." || name == "..") return false;
    path.remove_prefix(name.size());
  }
  return true;
}

bool read_tag(std::string_view tag, snapshot::Mount& mount) {
  std::string_view value = tag;
  const std::string_view key = take(value, ':');
  if (key == "unbindable") mount.unbindable = true;
  if (key == "shared") return read_number(value, mount.group) && mount.group != 0;
  if (key == "uidmap") return !(mount.uids = snapshot::id_map(value)).empty();
  if (key == "gidmap") return !(mount.gids = snapshot::id_map(value)).empty();
  if (key == "master") return read_number(value, mount.master) && mount.master != 0;
  return true;  // propagate_from follows from the rest; others are not known yet
}

}  // namespace

std::vector<std::string> super_options(std::string_view options) {
  std::vector<std::string> list;
  while (!options.empty()) {
    const std::string_view option = take(options, ',');
    if (!option.empty() && option != "rw") list.push_back(unescape(option));
  }
  return list;
}

void set_root(std::string_view shown, snapshot::Mount& mount) {
  constexpr std::string_view removed = "//deleted";  // Linux fs/d_path.c dentry_path()
  mount.root_removed = shown.ends_with(removed);
  if (mount.root_removed) shown.remove_suffix(removed.size());
  mount.root_internal = !shown.starts_with('/');
  if (!mount.root_internal) shown.remove_prefix(1);
  mount.root = shown;
}

std::optional<MountinfoLine> read_mountinfo_line(std::string_view rest, std::string& defect) {
  MountinfoLine line;
  snapshot::Mount& mount = line.mount;
  const auto wrong = [&defect](std::string text) {
    defect = std::move(text);
    return std::nullopt;
  };
  const std::string_view whole = rest;
  if (!read_number(take(rest, ' '), mount.id)) return wrong("no mount number");
  if (!read_number(take(rest, ' '), line.parent)) return wrong("no number of the parent");
  line.device = take(rest, ' ');
  if (!is_device(line.device)) return wrong("no device MAJOR:MINOR");
  const std::string root = unescape(take(rest, ' '));
  if (root.empty()) return wrong("no root");
  set_root(root, mount);
  mount.full_target = unescape(take(rest, ' '));
  if (!mount.full_target.starts_with('/')) return wrong("no mount point");
  if (!is_tidy(mount.full_target)) {
    return wrong("the mount point is no path that a kernel writes");
  }
  mount.flags = read_mount_options(take(rest, ' '));
  mount.idmapped = mount.flags & plan::bit::attr_IDMAP;  // which has a property of its own
  mount.flags &= ~plan::bit::attr_IDMAP;
  for (std::string_view tag = take(rest, ' '); tag != "-"; tag = take(rest, ' ')) {
    if (tag.empty() && rest.empty()) return wrong("no ` - ` after the optional fields");
    if (read_tag(tag, mount)) continue;
    const bool ids = tag.starts_with("uidmap") || tag.starts_with("gidmap");
    return wrong(ids ? "an id map that is no list of FIRST:OTHER:COUNT"
                     : "a peer group without its number");
  }
  line.type = take(rest, ' ');
  if (line.type.empty()) return wrong("no filesystem type");
  if (const std::string type = unescape(line.type); quote(type) != type) {
    return wrong("the filesystem type is no word");
  }
  line.source = take(rest, ' ');
  line.options = take(rest, ' ');
  if (whole.find('\0') != whole.npos || whole.find("\\000") != whole.npos)
    return wrong("a NUL");
  if (mount.unbindable && mount.group != 0) return wrong("shared and unbindable at once");
  return line;
}

}  // namespace mountc
