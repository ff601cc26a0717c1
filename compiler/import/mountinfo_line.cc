// compiler/import/mountinfo_line.cc - one line of mountinfo.
#include "compiler/import/mountinfo_line.h"

#include <charconv>

#include "compiler/syntax/value.h"
#include "runtime/ops.h"

namespace mountc {
namespace {

namespace bit = plan::bit;

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

bool is_octal(char c) { return c >= '0' && c <= '7'; }

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

struct FlagName {
  std::string_view name;
  uint32_t flag;
};

// Linux fs/proc_namespace.c show_mnt_opts().
constexpr FlagName flag_names[] = {
    {"ro", bit::attr_RDONLY},
    {"nosuid", bit::attr_NOSUID},
    {"nodev", bit::attr_NODEV},
    {"noexec", bit::attr_NOEXEC},
    {"noatime", bit::attr_NOATIME},
    {"nodiratime", bit::attr_NODIRATIME},
    {"nosymfollow", bit::attr_NOSYMFOLLOW},
};

}  // namespace

std::string unescape(std::string_view field) {
  if (field.find('\\') == std::string_view::npos) return std::string(field);
  std::string text;
  for (size_t at = 0; at < field.size(); ++at) {
    const std::string_view digits = field.substr(std::min(at + 1, field.size()), 3);
    const bool escape = field[at] == '\\' && digits.size() == 3 && digits[0] <= '3' &&
                        is_octal(digits[0]) && is_octal(digits[1]) && is_octal(digits[2]);
    if (!escape) {
      text += field[at];
      continue;
    }
    text += static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 + digits[2] - '0');
    at += 3;
  }
  return text;
}

uint32_t mount_flags(std::string_view options, bool& idmapped) {
  uint32_t flags = bit::attr_STRICTATIME;
  while (!options.empty()) {
    const std::string_view option = take(options, ',');
    if (option == "relatime" || option == "noatime") flags &= ~bit::attr_STRICTATIME;
    if (option == "idmapped") idmapped = true;
    for (const FlagName& name : flag_names) {
      if (option == name.name) flags |= name.flag;
    }
  }
  return flags;
}

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
  mount.flags = mount_flags(take(rest, ' '), mount.idmapped);
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
