// compiler/import/run_calls.cc - the system calls of an strace log on the model of the kernel.
#include <charconv>
#include <map>

#include "compiler/import/executor.h"

namespace mountc {
namespace {

using kernel::Answer;
using kernel::Path;

bool has(const std::string& flags, std::string_view bit) {
  for (size_t at = flags.find(bit); at != std::string::npos; at = flags.find(bit, at + 1)) {
    const size_t end = at + bit.size();
    const bool begins =
        at == 0 || flags[at - 1] == '|' || flags[at - 1] == '=' || flags[at - 1] == ' ';
    if (begins &&
        (end == flags.size() || flags[end] == '|' || flags[end] == ',' || flags[end] == '}'))
      return true;
  }
  return false;
}

uint32_t attributes(const std::string& flags, const std::string& prefix) {
  uint32_t set = 0;
  for (const auto& [word, bit] :
       {std::pair("RDONLY", 0x1), std::pair("NOSUID", 0x2), std::pair("NODEV", 0x4),
        std::pair("NOEXEC", 0x8), std::pair("NOATIME", 0x10), std::pair("NODIRATIME", 0x80)}) {
    if (has(flags, prefix + word)) set |= static_cast<uint32_t>(bit);
  }
  return set;
}

class Tracer : public Executor {
 public:
  void run(const Command& call) {
    command_ = &call;
    const auto& words = call.words;
    if (call.result.starts_with("-1")) return;  // it did nothing then, and does nothing now
    if (words[0] == "mount" && words.size() >= 5) mount(words);
    if ((words[0] == "umount2" || words[0] == "umount") && words.size() >= 2) umount(words);
    if (words[0] == "unshare" && words.size() >= 2 && has(words[1], "CLONE_NEWNS")) unshare();
    if (words[0] == "chdir" && words.size() >= 2) chdir(words[1]);
    if (words[0] == "pivot_root" && words.size() >= 3) pivot(words[1], words[2]);
    if (words[0] == "open_tree" && words.size() >= 4) open_tree(words);
    if (words[0] == "fsopen" && words.size() >= 2) contexts_[number(call.result)] = words[1];
    if (words[0] == "fsmount" && words.size() >= 4) fsmount(words);
    if (words[0] == "move_mount" && words.size() >= 6) move_mount(words);
    if (words[0] == "mount_setattr" && words.size() >= 5) setattr(words);
    if (words[0] == "close" && words.size() >= 2) close(number(words[1]));
  }

 private:
  using Words = std::vector<std::string>;

  static int number(const std::string& text) {
    int value = -1;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }

  bool at(const std::string& dir, const std::string& path, Path& found) {
    const auto fd = fds_.find(number(dir));
    const Path from = fd == fds_.end() ? task().cwd : fd->second.first;
    const Answer looked = kernel().look_up(task(), from, path, found);
    answer(looked);
    return !looked.refused();
  }

  void mount(const Words& words) {
    const std::string& flags = words[4];
    Path to, from;
    if (!find(words[2], to)) return;
    const bool recursive = has(flags, "MS_REC");
    const uint32_t set = attributes(flags, "MS_");
    if (has(flags, "MS_REMOUNT")) return answer(kernel().mount_remount_bind(task(), to, set));
    if (has(flags, "MS_BIND")) {
      if (find(words[1], from)) answer(kernel().mount_bind(task(), from, to, recursive));
      return;
    }
    for (const auto& [word, type] :
         {std::pair("MS_SHARED", kernel::Propagation::shared),
          std::pair("MS_SLAVE", kernel::Propagation::slave),
          std::pair("MS_PRIVATE", kernel::Propagation::private_),
          std::pair("MS_UNBINDABLE", kernel::Propagation::unbindable)}) {
      if (has(flags, word))
        return answer(kernel().mount_change_type(task(), to, type, recursive));
    }
    if (has(flags, "MS_MOVE")) {
      if (find(words[1], from)) answer(kernel().mount_move(task(), from, to));
      return;
    }
    answer(kernel().mount_new(task(), new_superblock(words[3], words[1], ""), to, set));
  }

  void umount(const Words& words) {
    Path at;
    if (!find(words[1], at)) return;
    const bool lazy = words.size() > 2 && has(words[2], "MNT_DETACH");
    answer(kernel().umount(task(), kernel().mounts().topmost(at), lazy));
  }

  void chdir(const std::string& path) {
    Path at;
    if (find(path, at)) task().cwd = at;
  }

  void pivot(const std::string& new_root, const std::string& put_old) {
    Path to, old;
    if (find(new_root, to) && find(put_old, old)) answer(kernel().pivot_root(task(), to, old));
  }

  void keep(Path path, bool owns) { fds_[number(command_->result)] = {path, owns}; }

  void open_tree(const Words& words) {
    Path found, made;
    if (!at(words[1], words[2], found)) return;
    if (!has(words[3], "OPEN_TREE_CLONE")) return keep(found, false);
    const Answer done =
        kernel().open_tree_clone(task(), found, has(words[3], "AT_RECURSIVE"), made);
    answer(done);
    if (!done.refused()) keep(made, true);
  }

  void fsmount(const Words& words) {
    Path made;
    const auto superblock = new_superblock(contexts_[number(words[1])], "", "");
    const Answer done =
        kernel().fsmount(task(), superblock, attributes(words[3], "MOUNT_ATTR_"), made);
    answer(done);
    if (!done.refused()) keep(made, true);
  }

  void move_mount(const Words& words) {
    Path from, to;
    if (!at(words[1], words[2], from) || !at(words[3], words[4], to)) return;
    if (has(words[5], "MOVE_MOUNT_SET_GROUP"))
      return answer(kernel().set_group(task(), from, to));
    answer(kernel().move_mount(task(), from, to, has(words[5], "MOVE_MOUNT_BENEATH")));
  }

  void setattr(const Words& words) {
    Path found;
    if (!at(words[1], words[2], found)) return;
    kernel::AttributeChange change;
    const std::string& attr = words[4];
    const auto part = [&](const char* key) {
      const size_t begin = attr.find(key);
      return begin == std::string::npos ? ""
                                        : attr.substr(begin, attr.find(',', begin) - begin);
    };
    change.set = attributes(part("attr_set="), "MOUNT_ATTR_");
    change.clear = attributes(part("attr_clr="), "MOUNT_ATTR_");
    if ((change.set | change.clear) & 0x70) change.clear |= 0x70;
    const std::string propagation = part("propagation=");
    change.propagation = has(propagation, "MS_SHARED")       ? 1u << 20
                         : has(propagation, "MS_SLAVE")      ? 1u << 19
                         : has(propagation, "MS_PRIVATE")    ? 1u << 18
                         : has(propagation, "MS_UNBINDABLE") ? 1u << 17
                                                             : 0;
    change.recursive = has(words[3], "AT_RECURSIVE");
    answer(kernel().mount_setattr(task(), found, change));
  }

  void close(int fd) {
    const auto held = fds_.find(fd);
    if (held == fds_.end()) return;
    if (held->second.second) kernel().dissolve(held->second.first.mount);
    fds_.erase(held);
  }

  std::map<int, std::pair<Path, bool>> fds_;
  std::map<int, std::string> contexts_;
};

}  // namespace

Translation run_calls(const std::vector<Command>& calls) {
  Tracer tracer;
  for (const Command& call : calls) tracer.run(call);
  return tracer.finish();
}

}  // namespace mountc
