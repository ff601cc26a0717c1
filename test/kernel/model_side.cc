// test/kernel/model_side.cc - runs sequences of operations on the model.
#include <sys/mount.h>
#include <sys/utsname.h>

#include <cstdio>

#include "compiler/kernel/kernel.h"
#include "test/kernel/model_look.h"
#include "test/kernel/side.h"

namespace mountc::differential {
namespace {

using kernel::Answer;
using kernel::Kernel;
using kernel::nothing;
using kernel::Path;
using kernel::Refusal;

kernel::Propagation propagation_of(uint32_t ms) {
  if (ms == MS_SHARED) return kernel::Propagation::shared;
  if (ms == MS_SLAVE) return kernel::Propagation::slave;
  return ms == MS_PRIVATE ? kernel::Propagation::private_ : kernel::Propagation::unbindable;
}

struct Handle {
  Path path;
  bool owns_tree = false;
};

int chosen = 0;

// major * 100 + minor
kernel::Version version() {
  int major = chosen / 100, minor = chosen % 100;
  utsname name{};
  if (!chosen && uname(&name) == 0) std::sscanf(name.release, "%d.%d", &major, &minor);
  return {static_cast<uint16_t>(major * 100 + minor)};
}

class ModelSide : public Side {
 public:
  ModelSide() {
    const auto below = kernel_.dentries().add_superblock("rootfs", kernel::Contents::made);
    const auto root = kernel_.dentries().add_superblock("tmpfs", kernel::Contents::made);
    namespaces_.push_back(kernel_.add_namespace(below));
    const kernel::MountRef base = kernel_.namespaces()[0].root;
    roots_.push_back(kernel_.place(base, kernel_.dentries().superblock(below).root,
                                   kernel_.dentries().superblock(root).root));
    ++kernel_.mounts()[roots_[0]].users;
    task_ = kernel_.enter(namespaces_[0]);
    fill("/");
  }

  int run(const Operation& o) override {
    if (static_cast<size_t>(o.ns) >= namespaces_.size()) return 0;
    task_ = kernel_.enter(namespaces_[static_cast<size_t>(o.ns)]);
    // Its root is in use by the process, as those of all namespaces are by their open
    // mountinfo.
    const kernel::MountRef root = task_.root.mount;
    ++kernel_.mounts()[root].users;
    const int error = act(o).error();
    --kernel_.mounts()[root].users;
    return error;
  }

  std::vector<Namespace> look() override {
    std::vector<Namespace> all;
    for (kernel::MountRef root : roots_) all.push_back(look_at(kernel_, root));
    return all;
  }

  void make_directory(const std::string& name) override {
    task_ = kernel_.enter(namespaces_[0]);
    (void)kernel_.make_entry(task_.root, name, kernel::DentryKind::directory);
  }

  void hint(Hints& hints) override {
    hints = {};
    hints.namespaces = static_cast<int>(namespaces_.size());
    for (size_t i = 0; i < roots_.size(); ++i) {
      std::vector<std::pair<long, std::string>> whole;
      for (const Seen& m : look_at(kernel_, roots_[i])) {
        std::string path;
        for (const auto& [id, text] : whole) {
          if (id == m.parent) path = text;
        }
        path += m.mountpoint;
        whole.emplace_back(m.id, path);
        hints.mountpoints[i].push_back(path.empty() ? "/" : path);
      }
    }
    for (size_t i = 0; i < handles_max; ++i) hints.open[i] = !handles_[i].path.is_null();
  }

 private:
  // Directories of a new filesystem that was mounted at the path; whatever is there now gets
  // them.
  void fill(const std::string& path) {
    Path at;
    for (const char* name : directories) {
      const std::string whole = path + "/" + name;
      const size_t slash = whole.rfind('/');
      if (kernel_.look_up(task_, task_.cwd, whole.substr(0, slash), at).refused()) continue;
      (void)kernel_.make_entry(at, whole.substr(slash + 1), kernel::DentryKind::directory);
    }
    if (kernel_.look_up(task_, task_.cwd, path, at).refused()) return;
    (void)kernel_.make_entry(at, "f", kernel::DentryKind::file);
  }

  Answer find(const Spot& spot, Path& found) {
    if (spot.handle < 0) return kernel_.look_up(task_, task_.cwd, spot.path, found);
    const Path at = handles_[static_cast<size_t>(spot.handle)].path;
    if (at.is_null()) return Refusal::bad_descriptor;
    return kernel_.look_up(task_, at, spot.path, found);
  }

  Answer find_directory(const Spot& spot, Path& found) {
    const Answer answer = find(spot, found);
    if (answer.refused()) return answer;
    const bool file = kernel_.dentries()[found.dentry].kind == kernel::DentryKind::file;
    return file ? Answer(Refusal::not_a_directory) : answer;
  }

  void close(int handle) {
    Handle& h = handles_[static_cast<size_t>(handle)];
    if (h.path.is_null()) return;
    --kernel_.mounts()[h.path.mount].users;
    if (h.owns_tree) kernel_.dissolve(h.path.mount);
    h = {};
  }

  Answer open(const Operation& o) {
    Path from, made;
    const Answer found = find(o.from, from);
    if (found.refused()) return found;
    Answer answer;
    if (o.option) {
      answer = kernel_.open_tree_clone(task_, from, o.recursive, made);
    } else {
      made = from;
    }
    if (answer.refused()) return answer;
    ++kernel_.mounts()[made.mount].users;
    close(o.handle);
    handles_[static_cast<size_t>(o.handle)] = {made, o.option};
    return answer;
  }

  Answer unshare(const Operation& o) {
    kernel::NamespaceRef made = nothing;
    kernel::Task task = task_;
    // The owner is the user namespace of the process, whatever namespace it was in.
    const auto owner = o.option ? kernel_.add_user_namespace(task.user_ns) : task.user_ns;
    const Answer answer = kernel_.unshare(task, owner, made);
    if (answer.refused()) return answer;
    namespaces_.push_back(made);
    roots_.push_back(kernel_.enter(made).root.mount);  // what covers it later is seen as well
    ++kernel_.mounts()[roots_.back()].users;
    return answer;
  }

  // The namespace is seen from its new root then, which lies below the old one where that was
  // put on it.
  Answer pivot(const Operation& o) {
    Path root, old;
    Answer answer = find_directory(o.from, root);
    if (!answer.refused()) answer = find_directory(o.to, old);
    if (!answer.refused()) answer = kernel_.pivot_root(task_, root, old);
    if (answer.refused()) return answer;
    kernel::MountRef& seen = roots_[static_cast<size_t>(o.ns)];
    --kernel_.mounts()[seen].users;
    seen = task_.root.mount;
    ++kernel_.mounts()[seen].users;
    return answer;
  }

  Answer act(const Operation& o) {
    if (o.kind == Kind::close) return close(o.handle), Answer();
    if (o.kind == Kind::unshare) return unshare(o);
    if (o.kind == Kind::open_tree) return open(o);
    if (o.kind == Kind::pivot_root) return pivot(o);
    // mount_setattr(2) that changes nothing looks nothing up.
    if (o.kind == Kind::setattr && !o.set && !o.clear && !o.propagation) return {};
    const auto has = [&](kernel::Change change) { return kernel_.version().has(change); };
    if (o.kind == Kind::move_mount && o.option && !has(kernel::Change::beneath)) {
      return Refusal::unknown_flag;
    }
    Path from, to;
    const bool two = o.kind == Kind::bind || o.kind == Kind::move ||
                     o.kind == Kind::move_mount || o.kind == Kind::set_group;
    // mount(2) looks the target up first, and so does move_mount(2) now.
    const bool moves = o.kind == Kind::move_mount || o.kind == Kind::set_group;
    if (moves && !has(kernel::Change::target_first)) {
      const Answer source = find(o.from, from);
      if (source.refused()) return source;
    }
    const Answer target = find(o.to, to);
    if (target.refused()) return target;
    if (two) {
      const Answer source = find(o.from, from);
      if (source.refused()) return source;
    }
    switch (o.kind) {
      case Kind::mount_new: {
        const auto superblock =
            kernel_.dentries().add_superblock("tmpfs", kernel::Contents::made);
        const Answer answer = kernel_.mount_new(task_, superblock, to, 0);
        if (!answer.refused()) fill(o.to.path);
        return answer;
      }
      case Kind::bind: return kernel_.mount_bind(task_, from, to, o.recursive);
      case Kind::move: return kernel_.mount_move(task_, from, to);
      case Kind::change_type:
        return kernel_.mount_change_type(task_, to, propagation_of(o.propagation), o.recursive);
      case Kind::remount: return kernel_.mount_remount_bind(task_, to, o.set);
      case Kind::umount:
        return kernel_.umount(task_, to,
                              o.option ? kernel::Unmount::lazy : kernel::Unmount::unless_busy);
      case Kind::move_mount: return kernel_.move_mount(task_, from, to, o.option);
      case Kind::set_group: return kernel_.set_group(task_, from, to);
      case Kind::setattr:
        return kernel_.mount_setattr(task_, to,
                                     {o.set, o.clear, o.propagation, 0, o.recursive});
      case Kind::open_tree:
      case Kind::close:
      case Kind::unshare:
      case Kind::pivot_root: break;
    }
    return {};
  }

  Kernel kernel_{version()};
  kernel::Task task_;
  std::vector<kernel::NamespaceRef> namespaces_;
  std::vector<kernel::MountRef> roots_;
  Handle handles_[handles_max];
};

}  // namespace

void model_of(int release) { chosen = release; }

std::unique_ptr<Side> model_side() { return std::make_unique<ModelSide>(); }

}  // namespace mountc::differential
