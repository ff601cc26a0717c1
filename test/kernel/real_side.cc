// test/kernel/real_side.cc - runs sequences of operations on the running kernel.
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "test/kernel/side.h"

// <sys/mount.h> and <linux/mount.h> do not go together.
extern "C" int mount(const char*, const char*, const char*, unsigned long, const void*);
extern "C" int umount2(const char*, int);

namespace mountc::differential {
namespace {

constexpr unsigned long ms_rdonly = 1, ms_nosuid = 2, ms_nodev = 4, ms_noexec = 8,
                        ms_nosymfollow = 256, ms_remount = 32, ms_bind = 4096, ms_move = 8192,
                        ms_rec = 16384, ms_private = 1 << 18;

void must(bool good, const char* what) {
  if (good) return;
  std::perror(what);
  std::_Exit(2);
}

class RealSide : public Side {
 public:
  RealSide() {
    must(unshare(CLONE_NEWNS) == 0, "unshare");
    must(mount(nullptr, "/", nullptr, ms_rec | ms_private, nullptr) == 0, "make-rprivate");
    proc_ = ::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
    must(proc_ >= 0, "/proc");
    must(mount("tmpfs", "/tmp", "tmpfs", 0, nullptr) == 0, "mount");
    must(chdir("/tmp") == 0 && syscall(SYS_pivot_root, ".", ".") == 0 && umount2(".", 2) == 0 &&
             chdir("/") == 0,
         "pivot_root");
    fill("/");
    add_namespace("self");
  }

  ~RealSide() override {
    for (int& fd : handles_) close(fd);
    for (const Space& space : spaces_) {
      ::close(space.ns);
      ::close(space.mountinfo);
    }
    ::close(proc_);
  }

  int run(const Operation& o) override {
    if (static_cast<size_t>(o.ns) >= spaces_.size()) return 0;
    must(setns(spaces_[static_cast<size_t>(o.ns)].ns, CLONE_NEWNS) == 0, "setns");
    return act(o) == 0 ? 0 : errno;
  }

  std::vector<Namespace> look() override {
    std::vector<Namespace> all;
    for (const std::string& text : record()) all.push_back(parse_mountinfo(text));
    return all;
  }

  std::vector<std::string> record() override {
    std::vector<std::string> all;
    for (const Space& space : spaces_) {
      std::string& text = all.emplace_back();
      char buffer[1 << 16];
      must(lseek(space.mountinfo, 0, SEEK_SET) == 0, "lseek");
      for (ssize_t size; (size = read(space.mountinfo, buffer, sizeof buffer)) > 0;) {
        text.append(buffer, static_cast<size_t>(size));
      }
    }
    return all;
  }

  void make_directory(const std::string& name) override {
    must(mkdir(("/" + name).c_str(), 0755) == 0, "mkdir");
  }

 private:
  struct Space {
    int ns, mountinfo;
  };

  void fill(const std::string& path) {
    for (const char* name : directories) mkdir((path + "/" + name).c_str(), 0755);
    ::close(::open((path + "/f").c_str(), O_CREAT | O_EXCL | O_CLOEXEC | O_WRONLY, 0644));
  }

  void add_namespace(const std::string& process) {
    const int ns = openat(proc_, (process + "/ns/mnt").c_str(), O_RDONLY | O_CLOEXEC);
    must(ns >= 0, "ns/mnt");
    must(setns(ns, CLONE_NEWNS) == 0, "setns");
    const int mountinfo = openat(proc_, "self/mountinfo", O_RDONLY | O_CLOEXEC);
    must(mountinfo >= 0, "mountinfo");
    spaces_.push_back({ns, mountinfo});
  }

  int unshare_now(bool less_privileged) {
    if (!less_privileged) {
      if (unshare(CLONE_NEWNS) != 0) return -1;
      add_namespace("self");
      return 0;
    }
    int ready[2];
    must(pipe(ready) == 0, "pipe");
    const pid_t child = fork();
    must(child >= 0, "fork");
    if (child == 0) {
      const char failed =
          unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 ? 0 : static_cast<char>(errno);
      if (write(ready[1], &failed, 1) == 1) pause();
      _exit(0);
    }
    char failed = 0;
    must(read(ready[0], &failed, 1) == 1, "read");
    if (!failed) add_namespace(std::to_string(child));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    ::close(ready[0]);
    ::close(ready[1]);
    errno = failed;
    return failed ? -1 : 0;
  }

  // From now on the mounts are those that the new root shows.
  int pivot(const Operation& o) {
    const long failed = syscall(SYS_pivot_root, o.from.path.c_str(), o.to.path.c_str());
    if (failed) return -1;
    int& mountinfo = spaces_[static_cast<size_t>(o.ns)].mountinfo;
    close(mountinfo);
    mountinfo = openat(proc_, "self/mountinfo", O_RDONLY | O_CLOEXEC);
    must(mountinfo >= 0, "mountinfo");
    return 0;
  }

  void close(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }

  int dir(const Spot& spot) const {
    if (spot.handle < 0) return AT_FDCWD;
    const int fd = handles_[static_cast<size_t>(spot.handle)];
    return fd < 0 ? -1 : fd;
  }

  int open(const Operation& o) {
    const unsigned flags = (o.option ? OPEN_TREE_CLONE : 0) | (o.recursive ? AT_RECURSIVE : 0) |
                           OPEN_TREE_CLOEXEC | (o.from.path.empty() ? AT_EMPTY_PATH : 0);
    const auto fd =
        static_cast<int>(syscall(SYS_open_tree, dir(o.from), o.from.path.c_str(), flags));
    if (fd < 0) return -1;
    int& handle = handles_[static_cast<size_t>(o.handle)];
    close(handle);
    handle = fd;
    return 0;
  }

  long move(const Operation& o, unsigned flags) {
    if (o.from.path.empty()) flags |= MOVE_MOUNT_F_EMPTY_PATH;
    if (o.to.path.empty()) flags |= MOVE_MOUNT_T_EMPTY_PATH;
    return syscall(SYS_move_mount, dir(o.from), o.from.path.c_str(), dir(o.to),
                   o.to.path.c_str(), flags);
  }

  static unsigned long ms_flags(uint32_t attributes) {
    return (attributes & 1 ? ms_rdonly : 0) | (attributes & 2 ? ms_nosuid : 0) |
           (attributes & 4 ? ms_nodev : 0) | (attributes & 8 ? ms_noexec : 0) |
           (attributes & 0x200000 ? ms_nosymfollow : 0);
  }

  long act(const Operation& o) {
    const char* const from = o.from.path.c_str();
    const char* const to = o.to.path.c_str();
    switch (o.kind) {
      case Kind::mount_new: {
        const int failed = mount("tmpfs", to, "tmpfs", 0, nullptr);
        if (failed == 0) fill(o.to.path);
        return failed;
      }
      case Kind::bind:
        return mount(from, to, nullptr, ms_bind | (o.recursive ? ms_rec : 0), nullptr);
      case Kind::move: return mount(from, to, nullptr, ms_move, nullptr);
      case Kind::change_type:
        return mount(nullptr, to, nullptr, o.propagation | (o.recursive ? ms_rec : 0), nullptr);
      case Kind::remount:
        return mount(nullptr, to, nullptr, ms_remount | ms_bind | ms_flags(o.set), nullptr);
      case Kind::umount: return umount2(to, o.option ? 2 : 0);
      case Kind::open_tree: return open(o);
      case Kind::move_mount: return move(o, o.option ? 0x200 : 0);  // MOVE_MOUNT_BENEATH
      case Kind::set_group: return move(o, 0x100);                  // MOVE_MOUNT_SET_GROUP
      case Kind::setattr: {
        struct mount_attr attr = {o.set, o.clear, o.propagation, 0};
        return syscall(
            SYS_mount_setattr, dir(o.to), to,
            (o.recursive ? AT_RECURSIVE : 0) | (o.to.path.empty() ? AT_EMPTY_PATH : 0), &attr,
            sizeof attr);
      }
      case Kind::close: return close(handles_[static_cast<size_t>(o.handle)]), 0;
      case Kind::unshare: return unshare_now(o.option);
      case Kind::pivot_root: return pivot(o);
    }
    return 0;
  }

  int proc_ = -1;
  std::vector<Space> spaces_;
  int handles_[handles_max] = {-1, -1, -1, -1, -1};
};

}  // namespace

std::unique_ptr<Side> real_side() { return std::make_unique<RealSide>(); }

}  // namespace mountc::differential
