// compiler/foreign/run_calls.cc - the system calls of an strace log on the model of the kernel.
#include <cstdlib>

#include "compiler/foreign/call_flags.h"
#include "compiler/foreign/traced.h"
#include "runtime/ops.h"

namespace mountc {
namespace {

using kernel::Answer;
using kernel::MountRef;
using kernel::Path;

class Tracer : public TracedExecutor {
 public:
  // What failed then did nothing, and does nothing now.
  void run(const Command& call) {
    if (call.result.starts_with("-1") || call.result.starts_with("?")) return;
    begin(call);
    dispatch(call.words);
    end();
  }

 private:
  using Handler = void (Tracer::*)(const Words&);

  void dispatch(const Words& words) {
    struct Row {
      const char* call;
      size_t words;
      Handler run;
    };
    static constexpr Row rows[] = {
        {"mount", 6, &Tracer::mount},
        {"umount2", 3, &Tracer::umount},
        {"umount", 2, &Tracer::umount},
        {"unshare", 2, &Tracer::unshare_call},
        {"setns", 3, &Tracer::enter},
        {"chdir", 2, &Tracer::chdir},
        {"fchdir", 2, &Tracer::fchdir},
        {"chroot", 2, &Tracer::chroot},
        {"pivot_root", 3, &Tracer::pivot},
        {"open_tree", 4, &Tracer::open_tree},
        {"open_tree_attr", 5, &Tracer::open_tree},
        {"fsopen", 2, &Tracer::fsopen},
        {"fsconfig", 5, &Tracer::fsconfig},
        {"fsmount", 4, &Tracer::fsmount},
        {"move_mount", 6, &Tracer::move_mount},
        {"mount_setattr", 5, &Tracer::setattr},
        {"close", 2, &Tracer::close},
        {"openat", 4, &Tracer::open},
        {"openat2", 4, &Tracer::open},
        {"open", 3, &Tracer::open},
        {"clone", 2, &Tracer::fork},
        {"clone3", 2, &Tracer::fork},
        {"fork", 1, &Tracer::fork},
        {"vfork", 1, &Tracer::fork},
        {"mkdirat", 4, &Tracer::make_node},
        {"mkdir", 3, &Tracer::make_node},
        {"creat", 3, &Tracer::make_node},
        {"mknodat", 4, &Tracer::make_node},
        {"mknod", 3, &Tracer::make_node},
        {"symlinkat", 4, &Tracer::make_link},
        {"symlink", 3, &Tracer::make_link},
        {"unlinkat", 4, &Tracer::remove_node},
        {"unlink", 2, &Tracer::remove_node},
        {"rmdir", 2, &Tracer::remove_node},
        {"renameat2", 6, &Tracer::rename_node},
        {"renameat", 5, &Tracer::rename_node},
        {"rename", 3, &Tracer::rename_node},
        {"syscall_0x1d3", 6, &Tracer::unknown_open_tree_attr},
    };
    for (const Row& row : rows) {
      if (words[0] == row.call && words.size() >= row.words) return (this->*row.run)(words);
    }
  }

  // The log says that there is a mount: then the machine had one.
  void suppose_mount(Path& path) {
    const bool of_host = kernel().dentries()[path.dentry].superblock == result_.host;
    if (kernel().is_root(path) || !of_host || !kernel().is_mounted(path.mount)) return;
    const MountRef m = kernel().place(path.mount, path.dentry, path.dentry);
    result_.supposed.insert(m);
    result_.bound[m].recursive = true;
    path.mount = m;
  }

  void mount(const Words& words) {
    const std::string& flags = words[4];
    Path to, from;
    if (!find(words[2], to)) return;
    const bool recursive = has_flag(flags, "MS_REC");
    const uint32_t set = attribute_flags(flags, "MS_");
    if (has_flag(flags, "MS_REMOUNT")) return remount(to, set);
    if (has_flag(flags, "MS_BIND")) {
      if (find(words[1], from)) bind(from, words[2], recursive);
      return;
    }
    if (const auto type = propagation_flag(flags)) {
      suppose_mount(to);
      change_type(to, *type, recursive);
    } else if (has_flag(flags, "MS_MOVE")) {
      if (!find(words[1], from)) return;
      suppose_mount(from);
      answer(kernel().mount_move(task(), from, to));
    } else {
      answer(kernel().mount_new(task(), new_superblock(words[3], words[1], data(words[5])), to,
                                set));
    }
  }

  // The options of mount(2). Those that strace has cut short are not known.
  std::string data(const std::string& text) {
    if (!text.ends_with(cut_mark)) return text;
    remark("strace has cut the options short (-s 4096 shows them)");
    const size_t comma = text.rfind(',');
    return comma == std::string::npos ? "" : text.substr(0, comma);
  }

  void remount(Path at, uint32_t set) {
    suppose_mount(at);
    const uint32_t before = kernel().mounts()[at.mount].attributes;
    set_flags(at, set & ~before, before & ~set);
  }

  void umount(const Words& words) {
    Path at;
    if (!find(words[1], at)) return;
    at = kernel().mounts().topmost(at);
    suppose_mount(at);
    const bool lazy = words.size() > 2 && has_flag(words[2], "MNT_DETACH");
    answer(kernel().umount(task(), at,
                           lazy ? kernel::Unmount::lazy : kernel::Unmount::unless_busy));
  }

  void unshare_call(const Words& words) {
    if (has_flag(words[1], "CLONE_NEWNS")) unshare();
  }

  // A call that strace has no name for.
  void unknown_open_tree_attr(const Words& words) {
    Path from, made;
    remark("strace does not show which attributes it changes");
    const auto flags = static_cast<uint32_t>(std::strtoul(words[3].c_str(), nullptr, 0));
    const auto dir =
        self_->fds.find(static_cast<int>(std::strtol(words[1].c_str(), nullptr, 0)));
    if (!(flags & 0x1000) || dir == self_->fds.end()) return;  // AT_EMPTY_PATH
    if (!answer(kernel().open_tree_clone(task(), dir->second.path,
                                         flags & plan::bit::tree_RECURSIVE, made)))
      return;
    const int fd = static_cast<int>(std::strtol(command_->result.c_str(), nullptr, 0));
    self_->fds[fd] = {.path = made, .owns_tree = true};
  }

  void open_tree(const Words& words) {
    Path found, made;
    if (!at(words[1], words[2], found)) return;
    if (!has_flag(words[3], "OPEN_TREE_CLONE")) return keep({.path = found});
    const bool recursive = has_flag(words[3], "AT_RECURSIVE");
    const bool changes = words[0] == "open_tree_attr";
    const Answer done = changes
                            ? kernel().open_tree_attr(
                                  task(), found, attribute_change(words[4], recursive), made)
                            : kernel().open_tree_clone(task(), found, recursive, made);
    if (!answer(done)) return;
    result_.bound[made.mount].recursive = recursive;
    if (changes) note_change(made, attribute_change(words[4], recursive));
    keep({.path = made, .owns_tree = true});
  }

  void fsopen(const Words& words) {
    self_->contexts[leading_number(command_->result)] = {words[1], "", ""};
  }

  void fsconfig(const Words& words) {
    Context& context = self_->contexts[leading_number(words[1])];
    const std::string& key = words[3];
    const bool flag = words[2] == "FSCONFIG_SET_FLAG";
    if (words[2] == "FSCONFIG_SET_FD" || words[2].starts_with("FSCONFIG_SET_PATH") ||
        words[2] == "FSCONFIG_SET_BINARY") {
      return pass_over(fmt::format(
          "the option `{}` is no text: add it, as `in(NAME)` where it is a filesystem", key));
    }
    if (!flag && words[2] != "FSCONFIG_SET_STRING") return;
    if (!flag && key == "source") {
      context.source = words[4];
    } else {
      context.options +=
          (context.options.empty() ? "" : ",") + key + (flag ? "" : "=" + words[4]);
    }
  }

  void fsmount(const Words& words) {
    Path made;
    const Context& context = self_->contexts[leading_number(words[1])];
    const auto superblock = new_superblock(context.type, context.source, context.options);
    const uint32_t set = attribute_flags(words[3], "MOUNT_ATTR_");
    if (answer(kernel().fsmount(task(), superblock, set, made)))
      keep({.path = made, .owns_tree = true});
  }

  void move_mount(const Words& words) {
    Path from, to;
    if (!at(words[1], words[2], from) || !at(words[3], words[4], to)) return;
    if (has_flag(words[5], "MOVE_MOUNT_SET_GROUP")) {
      answer(kernel().set_group(task(), from, to));
      return;
    }
    suppose_mount(from);
    match_kinds(from, to);
    answer(kernel().move_mount(task(), from, to, has_flag(words[5], "MOVE_MOUNT_BENEATH")));
  }

  void setattr(const Words& words) {
    Path found;
    if (!at(words[1], words[2], found)) return;
    const bool recursive = has_flag(words[3], "AT_RECURSIVE");
    const kernel::AttributeChange change = attribute_change(words[4], recursive);
    suppose_mount(found);
    if (answer(kernel().mount_setattr(task(), found, change))) note_change(found, change);
  }

  void note_change(Path at, const kernel::AttributeChange& change) {
    BoundFromHost& known = result_.bound[at.mount];
    known.flags_known |= change.set | change.clear;
    if (change.propagation) known.follows = change.propagation == plan::bit::propagation_SLAVE;
  }
};

}  // namespace

Translation run_calls(const std::vector<Command>& calls) {
  Tracer tracer;
  for (const Command& call : calls) tracer.run(call);
  return tracer.finish();
}

}  // namespace mountc
