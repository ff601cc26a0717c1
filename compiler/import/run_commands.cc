// compiler/import/run_commands.cc - mount(8), umount(8) and their like on the model of the
// kernel.
#include <algorithm>
#include <optional>

#include "compiler/import/executor.h"

namespace mountc {
namespace {

using kernel::Answer;
using kernel::Path;
using Words = std::vector<std::string>;

std::optional<std::pair<kernel::Propagation, bool>> propagation_called(std::string_view word) {
  if (word.starts_with("--make-")) word.remove_prefix(7);
  const bool recursive = word.size() > 1 && word.front() == 'r';
  if (recursive) word.remove_prefix(1);
  if (word == "shared") return std::pair(kernel::Propagation::shared, recursive);
  if (word == "slave") return std::pair(kernel::Propagation::slave, recursive);
  if (word == "private") return std::pair(kernel::Propagation::private_, recursive);
  if (word == "unbindable") return std::pair(kernel::Propagation::unbindable, recursive);
  return std::nullopt;
}

// What a mount(8) command line says.
struct MountCommand {
  Words operands;
  std::string type, fs_options;
  bool bind = false, rbind = false, move = false, remount = false, flags = false;
  uint32_t set = 0, clear = 0;
  std::vector<std::pair<kernel::Propagation, bool>> changes;

  void option(const std::string& word) {
    const MountFlag* const flag = find_flag(word);
    if (flag) {
      flags = true;
      set = (set & ~flag->clear) | flag->set;
      clear |= flag->clear;
    } else if (word == "bind" || word == "rbind" || word == "remount" || word == "move") {
      (word == "bind"    ? bind
       : word == "rbind" ? rbind
       : word == "move"  ? move
                         : remount) = true;
    } else if (const auto change = propagation_called(word)) {
      changes.push_back(*change);
    } else if (word != "defaults" && word != "auto" && word != "noauto" && word != "nofail") {
      fs_options += (fs_options.empty() ? "" : ",") + word;
    }
  }

  void options(const std::string& list) {
    for (size_t begin = 0; begin <= list.size();) {
      const size_t end = std::min(list.find(',', begin), list.size());
      if (end > begin) option(list.substr(begin, end - begin));
      begin = end + 1;
    }
  }
};

class Shell : public Executor {
 public:
  void run(const Command& command) {
    command_ = &command;
    run(command.words);
  }

 private:
  void run(Words words) {
    static const Words prefixes = {"sudo", "then", "do", "else", "!", "exec", "env", "command"};
    while (!words.empty() && std::ranges::find(prefixes, words[0]) != prefixes.end()) {
      words.erase(words.begin());
    }
    if (words.empty()) return;
    const std::string name = words[0].substr(words[0].rfind('/') + 1);
    if (name == "mount") return mount(words);
    if (name == "umount") return umount(words);
    if (name == "unshare") return unshare_command(words);
    if (name == "cd" && words.size() > 1) return change_directory(words[1]);
    if (name == "pivot_root" && words.size() > 2) return pivot(words[1], words[2]);
    if (name == "for" || name == "while" || name == "case") pass_over("loops are not run");
  }

  MountCommand parse(const Words& words) {
    MountCommand m;
    for (size_t i = 1; i < words.size(); ++i) {
      const std::string& word = words[i];
      const auto value = [&] { return i + 1 < words.size() ? words[++i] : std::string(); };
      if (word == "-t" || word == "--types")
        m.type = value();
      else if (word == "-o" || word == "--options")
        m.options(value());
      else if (word.starts_with("-o") && word.size() > 2)
        m.options(word.substr(2));
      else if (word.starts_with("-t") && word.size() > 2)
        m.type = word.substr(2);
      else if (word == "--source" || word == "--target" || word == "-L" || word == "-U")
        m.operands.push_back(value());
      else if (word == "-B" || word == "--bind")
        m.bind = true;
      else if (word == "-R" || word == "--rbind")
        m.rbind = true;
      else if (word == "-M" || word == "--move")
        m.move = true;
      else if (word == "-r" || word == "--read-only")
        m.option("ro");
      else if (word == "-w" || word == "--rw")
        m.option("rw");
      else if (word.starts_with("--make-") && propagation_called(word))
        m.changes.push_back(*propagation_called(word));
      else if (!word.starts_with("-"))
        m.operands.push_back(word);
    }
    return m;
  }

  void mount(const Words& words) {
    const MountCommand m = parse(words);
    if (m.operands.empty()) return pass_over("it names no mount point");
    const std::string& target = m.operands.back();
    Path at, from;
    if (!find(target, at)) return;
    if (m.operands.size() > 1) {
      Answer done;
      if (m.bind || m.rbind) {
        if (!find(m.operands[0], from)) return;
        done = kernel().mount_bind(task(), from, at, m.rbind);
      } else if (m.move) {
        if (!find(m.operands[0], from)) return;
        done = kernel().mount_move(task(), from, at);
      } else {
        const auto superblock = new_superblock(m.type, m.operands[0], m.fs_options);
        done = kernel().mount_new(task(), superblock, at, m.set & ~uint32_t{0x20});
      }
      answer(done);
      if (done.refused() || !find(target, at)) return;
    } else if (!m.remount && m.changes.empty() && !m.bind) {
      return pass_over("what it mounts is in fstab");
    }
    // mount(8) makes a second call for the flags of a bind, and one for each propagation.
    if ((m.bind || m.rbind || m.remount) && m.flags) {
      const uint32_t before = kernel().mounts()[at.mount].attributes;
      answer(kernel().mount_remount_bind(task(), at, (before & ~m.clear) | m.set));
    }
    for (const auto& [type, recursive] : m.changes) {
      answer(kernel().mount_change_type(task(), at, type, recursive));
    }
  }

  void umount(const Words& words) {
    bool lazy = false, recursive = false;
    for (size_t i = 1; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word.starts_with("-") && !word.starts_with("--")) {
        lazy = lazy || word.find('l') != std::string::npos;
        recursive = recursive || word.find('R') != std::string::npos;
      } else if (word.starts_with("--")) {
        lazy = lazy || word == "--lazy";
        recursive = recursive || word == "--recursive";
      } else {
        umount_one(word, lazy, recursive);
      }
    }
  }

  // -R takes the mounts below one by one, the last ones first.
  void umount_one(const std::string& path, bool lazy, bool recursive) {
    Path at;
    if (!find(path, at)) return;
    while (recursive && kernel().mounts()[at.mount].first_child != kernel::nothing) {
      const kernel::MountRef last = kernel().mounts().skip_tree(at.mount);
      const Answer done = kernel().umount(task(), {last, kernel().mounts()[last].root}, lazy);
      if (done.refused()) return answer(done);
    }
    answer(kernel().umount(task(), at, lazy));
  }

  // unshare(1) makes all mounts of the new namespace private unless it is told otherwise.
  void unshare_command(const Words& words) {
    std::string propagation = "private";
    bool mounts = false;
    size_t i = 1;
    for (; i < words.size() && words[i].starts_with("-"); ++i) {
      const std::string& word = words[i];
      if (word == "--propagation" && i + 1 < words.size()) propagation = words[++i];
      if (word.starts_with("--propagation=")) propagation = word.substr(14);
      const bool letters = !word.starts_with("--");
      mounts = mounts || word == "--mount" || (letters && word.find('m') != std::string::npos);
    }
    if (!mounts) return pass_over("it makes no mount namespace");
    unshare();
    if (const auto change = propagation_called("r" + propagation)) {
      answer(kernel().mount_change_type(task(), task().root, change->first, true));
    }
    Words rest(words.begin() + static_cast<ptrdiff_t>(i), words.end());
    if (rest.size() > 2 && rest[1] == "-c") {
      for (const Command& inner : read_script(rest[2])) run(inner.words);
    } else if (!rest.empty()) {
      run(rest);
    }
  }

  void change_directory(const std::string& path) {
    Path at;
    if (find(path, at)) task().cwd = at;
  }

  void pivot(const std::string& new_root, const std::string& put_old) {
    Path to, old;
    if (find(new_root, to) && find(put_old, old)) answer(kernel().pivot_root(task(), to, old));
  }
};

}  // namespace

Translation run_commands(const std::vector<Command>& commands) {
  Shell shell;
  for (const Command& command : commands) shell.run(command);
  return shell.finish();
}

}  // namespace mountc
