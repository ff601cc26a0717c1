// compiler/import/running.cc - the mounts of a running namespace, as text of mountinfo.
//
// Linux tells of a namespace from outside, but not of each: of one whose root was made before
// it, as mountrun makes them, it knows no root (6.18, fs/namespace.c grab_requested_root()
// looks for it among the mounts with larger numbers) and answers ENOENT. Such a one is entered
// by a child.
//
// What statmount(2) answers is written as lines of mountinfo, so that there is one reader, and
// diagnostics have a line to show. A mount costs 2.4 times what a line of mountinfo costs (a
// system call, and 12 KiB that the kernel allocates for the strings of each), so many mounts of
// a process are read from mountinfo, unless one of them has an id map.
#include "compiler/import/running.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string_view>
#include <unordered_map>

#include "compiler/import/statmount_line.h"
#include "compiler/import/throwaway.h"
#include "compiler/layout/mountinfo_text.h"

namespace mountc {
namespace {

using statmount::Answer;
using statmount::What;

constexpr size_t few_mounts = 2000;
constexpr int attempts = 4;  // mounts may come and go meanwhile

class Teller {
 public:
  explicit Teller(uint64_t ns) : asker_(ns) {}

  // The mounts that lie in the mount `top`, which it is the parent of; 0: all that are listed.
  std::optional<std::string> tell(uint64_t top, size_t mounts_max) {
    std::vector<uint64_t> ids;
    if (!asker_.list(statmount::root_of_namespace, ids, mounts_max)) return std::nullopt;
    if (ids.size() > mounts_max || ids.empty() || !has_all(ids[0])) return std::nullopt;
    std::string text;
    if (!read(ids, top) || !write(top, text)) return std::nullopt;
    std::vector<uint64_t> again;
    changed_ = !asker_.list(statmount::root_of_namespace, again) || again != ids;
    if (changed_) return std::nullopt;
    const size_t missing = count_all() - shown_;
    if (missing > 0) text.insert(0, fmt::format("{}{}\n", out_of_reach_line, missing));
    return text;
  }

  // Mounts came or went meanwhile.
  bool has_changed() const { return changed_; }

 private:
  struct Line {
    uint64_t id = 0, parent = 0;
    std::string target;
    statmount::LineAround text;
    enum class State : uint8_t { unknown, shown, hidden } state = State::unknown;
  };

  const Answer* ask(uint64_t id, uint64_t what) {
    const Answer* const answer = asker_.ask(id, what);
    if (!answer && errno == ENOENT) changed_ = true;
    return answer;
  }

  bool has_all(uint64_t id) {
    constexpr uint64_t all = statmount::asked_of_mount | statmount::asked_of_superblock;
    const Answer* const answer = ask(id, What::supported);
    return answer && answer->has(What::supported) && (answer->supported & all) == all;
  }

  bool read(const std::vector<uint64_t>& ids, uint64_t top) {
    for (const uint64_t id : ids) {
      const Answer* const answer = ask(id, statmount::asked_of_mount);
      if (!answer || !answer->has(What::root)) return false;
      Line line;
      line.id = id;
      line.parent = answer->parent;
      // Without one no path leads to it (fs/namespace.c statmount_mnt_point()).
      if (answer->has(What::point)) line.target = answer->string(answer->point);
      line.text = statmount::line_around(*answer);
      if (!device_text(*answer, id, line.text.after)) return false;
      index_[id] = lines_.size();
      lines_.push_back(std::move(line));
    }
    for (Line& line : lines_) settle(line, top);
    return true;
  }

  // What is said of a superblock is asked once.
  bool device_text(const Answer& answer, uint64_t id, std::string& to) {
    const uint64_t device = (uint64_t{answer.device_major} << 32) | answer.device_minor;
    const auto [found, fresh] = devices_.try_emplace(device);
    if (fresh) {
      const Answer* const more = ask(id, statmount::asked_of_superblock);
      if (!more || !more->has(What::type)) return false;
      found->second = statmount::superblock_text(*more);
    }
    to += found->second;
    return true;
  }

  // Does it lie in the tree of `top`? Trees can be deep, so this is a loop.
  void settle(Line& line, uint64_t top) {
    std::vector<Line*> way;
    auto state = Line::State::hidden;
    for (Line* at = &line;;) {
      if (at->state != Line::State::unknown) state = at->state;
      if (at->state != Line::State::unknown) break;
      way.push_back(at);
      if (top == 0 || at->id == top) state = Line::State::shown;
      const auto above = index_.find(at->parent);
      if (state == Line::State::shown || above == index_.end() || at->parent == at->id) break;
      at = &lines_[above->second];
    }
    for (Line* each : way) each->state = state;
  }

  bool write(uint64_t top, std::string& text) {
    std::string_view prefix;
    if (top != 0) {
      const auto found = index_.find(top);
      if (found == index_.end()) return false;
      prefix = lines_[found->second].target;
      if (prefix.empty()) return false;
      if (prefix == "/") prefix = "";
    }
    for (const Line& line : lines_) {
      if (line.state != Line::State::shown) continue;
      if (!line.target.starts_with(prefix)) return false;
      std::string_view target = std::string_view(line.target).substr(prefix.size());
      if (target.empty() && prefix.empty()) return false;
      if (target.empty()) target = "/";
      ++shown_;
      text += line.text.before;
      text += ' ';
      append_escaped(text, target);
      text += line.text.after;
      text += '\n';
    }
    return true;
  }

  // All mounts of the namespace but the one that everything lies in, which nobody sees.
  size_t count_all() {
    std::set<uint64_t> seen;
    uint64_t at = lines_[0].id;
    while (seen.insert(at).second) {
      const Answer* const answer = asker_.ask(at, What::mount);
      if (!answer) return shown_;
      at = answer->parent;
    }
    std::vector<uint64_t> ids;
    if (!asker_.list(at, ids)) return shown_;
    return std::max(ids.size(), shown_);
  }

  statmount::Asker asker_;
  std::vector<Line> lines_;
  std::unordered_map<uint64_t, size_t> index_;         // by number, of lines_
  std::unordered_map<uint64_t, std::string> devices_;  // of lines that show them: the end
  size_t shown_ = 0;
  bool changed_ = false;
};

// Of a process's root directory: the number of the mount that it is the root of; 0: of none.
uint64_t mount_of_root(int root) {
  constexpr unsigned unique_id = 0x4000;  // STATX_MNT_ID_UNIQUE, Linux 6.8
  struct statx status {};
  const bool known = ::statx(root, "", AT_EMPTY_PATH, unique_id, &status) == 0 &&
                     (status.stx_mask & unique_id) &&
                     (status.stx_attributes & STATX_ATTR_MOUNT_ROOT);
  return known ? status.stx_mnt_id : 0;
}

// Paths in the caller's own namespace are told from the caller's own root, and listed from
// there.
bool is_own_root(int root, uint64_t ns) {
  const int file = ::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
  const bool own_namespace = file >= 0 && statmount::number_of_namespace(file) == ns;
  if (file >= 0) ::close(file);
  struct stat own {
  }, other{};
  return own_namespace && ::stat("/", &own) == 0 && ::fstat(root, &other) == 0 &&
         own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

}  // namespace

std::optional<std::string> ask_for_mounts(int namespace_file, int root, size_t mounts_max) {
  const uint64_t ns = statmount::number_of_namespace(namespace_file);
  if (ns == 0) return std::nullopt;
  const uint64_t top = root < 0 ? 0 : mount_of_root(root);
  if (root >= 0 && top == 0 && !is_own_root(root, ns)) return std::nullopt;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    Teller teller(ns);
    if (auto text = teller.tell(top, mounts_max)) return text;
    if (!teller.has_changed()) break;
  }
  return std::nullopt;
}

std::optional<std::string> read_process(const std::string& pid) {
  const std::string directory = "/proc/" + pid;
  const int process = ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (process < 0) return std::nullopt;
  const int file = ::openat(process, "ns/mnt", O_RDONLY | O_CLOEXEC);
  const int root = ::openat(process, "root", O_PATH | O_CLOEXEC);
  const auto ask = [&](size_t mounts_max) {
    return file < 0 || root < 0 ? std::nullopt : ask_for_mounts(file, root, mounts_max);
  };
  std::optional<std::string> text = ask(few_mounts);
  if (!text) {
    text.emplace();
    if (!read_whole(process, "mountinfo", *text)) text.reset();
    if (text && text->find(",idmapped") != std::string::npos) {
      if (auto more = ask(SIZE_MAX)) text = std::move(more);
    }
  }
  const int error = errno;
  for (const int fd : {process, file, root}) {
    if (fd >= 0) ::close(fd);
  }
  errno = error;
  return text;
}

std::optional<std::string> read_namespace(int namespace_file, int proc) {
  if (auto text = ask_for_mounts(namespace_file, -1, SIZE_MAX)) return text;
  std::string text;
  const auto read = [proc](std::string& inside) {
    const int own = ::openat(proc, "self/ns/mnt", O_RDONLY | O_CLOEXEC);
    auto asked = ask_for_mounts(own, -1, SIZE_MAX);
    if (asked) inside = std::move(*asked);
    return asked || read_whole(proc, "self/mountinfo", inside);
  };
  if (!inside(namespace_file, read, text)) return std::nullopt;
  return text;
}

}  // namespace mountc
