// compiler/foreign/run_commands.cc - mount(8), umount(8) and their like on the model of the
// kernel.
#include <algorithm>

#include "compiler/foreign/executor.h"
#include "compiler/foreign/mount_command.h"

namespace mountc {
namespace {

using kernel::Answer;
using kernel::Path;
using Words = std::vector<std::string>;

class Shell : public Executor {
 public:
  void run_text(const std::string& script, uint32_t first_line) {
    run_script(script, first_line, [this](const Command& command) { return run(command); });
  }

 private:
  bool run(const Command& command) {
    const Command* const before = command_;
    command_ = &command;
    const bool good = run(command.words);
    command_ = before;
    return good;
  }

  // What it does not know succeeds.
  bool run(Words words) {
    static const Words prefixes = {"sudo", "exec", "env", "command", "busybox", "time", "nice"};
    while (!words.empty() && std::ranges::find(prefixes, words[0]) != prefixes.end()) {
      words.erase(words.begin());
    }
    if (words.empty()) return true;
    const std::string name = words[0].substr(words[0].rfind('/') + 1);
    if (name == "mount") return mount(words);
    if (name.starts_with("mount.")) {
      return pass_over("what a helper of mount(8) does is not known"), true;
    }
    if (name == "umount") return umount(words);
    if (name == "unshare") return unshare_command(words);
    if (name == "chroot" && words.size() > 1) return change_root(words);
    if (name == "switch_root" && words.size() > 1) return switch_root(words[1]);
    if ((name == "cd" || name == "pushd") && words.size() > 1)
      return change_directory(words[1]);
    if (name == "pivot_root" && words.size() > 2) return pivot(words[1], words[2]);
    if (name == "mountpoint" || name == "findmnt") return is_mount_point(words.back());
    if (name == "grep" && words.back() == "/proc/mounts") return false;
    if (name == "test") return is_there(words[1], words[2]);
    if (is_shell(name) || name == "eval") return inner_script(words);
    if (name == "while") {
      const bool reads = command_->text.find("read") != std::string::npos;
      if (reads) {
        pass_over("what it reads is not known");
      } else {
        remark("of such a loop the body is run once");
      }
    }
    if (name == "case")
      pass_over("what it compares is not known: of its branches only `*` is run");
    if (name == "nsenter") pass_over("what another process has is not known");
    if (name == "source" || name == ".") pass_over("other scripts are not read");
    make_entries(words);
    return true;
  }

  static bool is_shell(std::string_view name) {
    return name == "sh" || name == "bash" || name == "dash" || name == "ash";
  }

  // sh -c 'SCRIPT', eval SCRIPT
  bool inner_script(const Words& words) {
    const bool eval = words[0] == "eval";
    for (size_t i = 1; i < words.size(); ++i) {
      const bool option = words[i].starts_with("-") && !eval;
      const bool script = option && !words[i].starts_with("--") && words[i].ends_with('c');
      if (!script && !eval) continue;
      if (i + script < words.size()) run_text(words[i + script], command_->line);
      return true;
    }
    return true;
  }

  bool is_mount_point(const std::string& path) {
    Path at;
    if (kernel().look_up(task(), task().cwd, path, at).refused()) return false;
    return kernel().is_root(at);
  }

  bool mount(const Words& words) {
    const MountCommand m = parse_mount(words);
    if (!m.unknown.empty()) {
      return pass_over(fmt::format("mount(8) has no option `{}`", m.unknown)), false;
    }
    if (!m.loop.empty()) {
      return pass_over("a loop device has to be made of the file first, by losetup(8)"), true;
    }
    if (m.operands.empty() && !m.all) return true;  // it lists the mounts
    const bool changes = m.remount || !m.changes.empty();
    if (m.all || (m.operands.size() == 1 && !changes))
      return pass_over("what it mounts is in fstab"), true;
    const std::string& target = m.operands.back();
    for (const std::string& each : mount_remarks(m)) remark(each);
    if (m.operands.size() > 1 && !m.remount && !attach(m, m.operands[0], target)) return false;
    Path at;
    if (!find(target, at)) return false;
    // mount(8) makes a second call for the flags of a bind, and one for each propagation.
    bool good = true;
    if ((m.bind || m.rbind || m.remount) && m.names_flags())
      good = set_flags(at, m.set, m.clear);
    for (const PropagationChange& change : m.changes) {
      good = change_type(at, change.type, change.recursive) && good;
    }
    return good;
  }

  bool attach(const MountCommand& m, const std::string& source, const std::string& target) {
    Path from, to;
    if (m.bind || m.rbind) return find(source, from) && bind(from, target, m.rbind);
    if (!find(target, to)) return false;
    learn_kind(to, kernel::DentryKind::directory);
    if (m.move) return find(source, from) && answer(kernel().mount_move(task(), from, to));
    const auto superblock =
        new_superblock(m.type == "auto" ? "" : m.type, source, m.fs_options);
    return answer(kernel().mount_new(task(), superblock, to, m.set));
  }

  bool umount(const Words& words) {
    auto how = kernel::Unmount::unless_busy;
    bool recursive = false, good = true;
    for (size_t i = 1; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word == "-t" || word == "--types" || word == "-O") {
        ++i;
      } else if (word == "--all" || (word.starts_with("-") && !word.starts_with("--") &&
                                     word.find('a') != std::string::npos)) {
        return pass_over("what the machine has mounted is not known"), true;
      } else if (word.starts_with("-") && !word.starts_with("--")) {
        if (word.find('l') != std::string::npos) how = kernel::Unmount::lazy;
        recursive = recursive || word.find('R') != std::string::npos;
      } else if (word.starts_with("--")) {
        if (word == "--lazy") how = kernel::Unmount::lazy;
        recursive = recursive || word == "--recursive";
      } else {
        good = umount_one(word, how, recursive) && good;
      }
    }
    return good;
  }

  // -R takes the mounts below one by one, the last ones first.
  bool umount_one(const std::string& path, kernel::Unmount how, bool recursive) {
    Path at;
    if (!find(path, at)) return false;
    while (recursive && kernel().mounts()[at.mount].first_child != kernel::nothing) {
      const kernel::MountRef last = kernel().mounts().skip_tree(at.mount);
      const Answer done = kernel().umount(task(), {last, kernel().mounts()[last].root}, how);
      if (done.refused()) return answer(done);
    }
    return answer(kernel().umount(task(), at, how));
  }

  // unshare(1) makes all mounts of the new namespace private unless it is told otherwise. What
  // follows a command of its own is run in the old one again.
  bool unshare_command(const Words& words) {
    std::string propagation = "private";
    bool mounts = false;
    size_t i = 1;
    for (; i < words.size() && words[i].starts_with("-"); ++i) {
      const std::string& word = words[i];
      if (word == "--propagation" && i + 1 < words.size()) propagation = words[++i];
      if (word.starts_with("--propagation=")) propagation = word.substr(14);
      const bool letters = !word.starts_with("--");
      mounts = mounts || word.starts_with("--mount") ||
               (letters && word.find('m') != std::string::npos);
      if (word == "-R" || word == "-S" || word == "-G" || word == "-w") ++i;
    }
    const Words rest(words.begin() + static_cast<ptrdiff_t>(i), words.end());
    const Process before = process_;
    if (!mounts) {
      pass_over("it makes no mount namespace");
    } else {
      if (!unshare()) return false;
      if (const auto change = propagation_called("make-r" + propagation)) {
        change_type(task().root, change->type, true);
      }
    }
    if (rest.empty()) return true;
    const bool good = run(rest);
    const bool interactive =
        rest.size() == 1 && is_shell(rest[0].substr(rest[0].rfind('/') + 1));
    if (!interactive) process_ = before;
    return good;
  }

  bool change_root(Words words) {
    Path root;
    if (!find(words[1], root)) return false;
    words.erase(words.begin(), words.begin() + 2);
    const Process before = process_;
    task().root = task().cwd = root;
    const bool good = run(words);
    process_ = before;
    return good;
  }

  // switch_root(8) takes these along, and then moves the new root over the old one.
  bool switch_root(const std::string& new_root) {
    Path from, to;
    for (const char* place : {"/dev", "/proc", "/sys", "/run"}) {
      if (!is_mount_point(place) || !find(place, from) || !find(new_root + place, to)) continue;
      answer(kernel().mount_move(task(), from, to));
    }
    if (!find(new_root, from)) return false;
    if (!answer(kernel().mount_move(task(), from, task().root))) return false;
    task().root = task().cwd = from;
    return true;
  }

  bool change_directory(const std::string& path) {
    Path at;
    if (!find(path, at)) return false;
    task().cwd = at;
    return true;
  }

  bool pivot(const std::string& new_root, const std::string& put_old) {
    Path to, old;
    if (!find(new_root, to) || !find(put_old, old)) return false;
    return answer(kernel().pivot_root(task(), to, old));
  }
};

}  // namespace

Translation run_commands(const std::string& script) {
  Shell shell;
  shell.run_text(script, 1);
  return shell.finish();
}

}  // namespace mountc
