// compiler/foreign/traced.cc - the processes of an strace log.
#include "compiler/foreign/traced.h"

#include <algorithm>
#include <charconv>

#include "compiler/foreign/call_flags.h"

namespace mountc {

using kernel::DentryKind;
using kernel::Path;

int leading_number(const std::string& text) {
  int value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

TracedExecutor::TracedExecutor() {
  processes_[0] = std::make_shared<Traced>(Traced{0, process_.task, {}, {}});
}

void TracedExecutor::begin(const Command& call) {
  command_ = &call;
  // A process that nobody was seen to make is like the one before it.
  std::shared_ptr<Traced>& process = processes_[call.process];
  if (!process) process = std::make_shared<Traced>(*processes_[last_]);
  last_ = call.process;
  self_ = process.get();
  process_ = {self_->space, self_->task};
}

void TracedExecutor::end() {
  self_->space = process_.space;
  self_->task = process_.task;
}

Path TracedExecutor::directory(const std::string& dir) const {
  const auto fd = self_->fds.find(leading_number(dir));
  return fd == self_->fds.end() || fd->second.is_ns ? process_.task.cwd : fd->second.path;
}

bool TracedExecutor::at(const std::string& dir, std::string path, Path& found) {
  Path from = directory(dir);
  (void)is_link_of_descriptor(path, from);
  return answer(kernel().look_up(task(), from, path, found));
}

// /proc/self/fd/N, /proc/PID/fd/N
bool TracedExecutor::is_link_of_descriptor(std::string& path, Path& from) const {
  if (!path.starts_with("/proc/")) return false;
  const size_t fds = path.find("/fd/");
  if (fds == std::string::npos || path.find('/', 6) != fds) {
    const std::string_view thread = "/proc/thread-self/fd/", task = "/task/";
    if (!path.starts_with(thread) && path.find(task) == std::string::npos) return false;
    if (fds == std::string::npos) return false;
  }
  const size_t end = std::min(path.find('/', fds + 4), path.size());
  const auto held = self_->fds.find(leading_number(path.substr(fds + 4, end - fds - 4)));
  if (held == self_->fds.end() || held->second.is_ns) return false;
  from = held->second.path;
  path.erase(0, std::min(end + 1, path.size()));
  return true;
}

void TracedExecutor::keep(const Descriptor& made) {
  self_->fds[leading_number(command_->result)] = made;
}

void TracedExecutor::open(const Words& words) {
  const bool relative = words[0] != "open";
  const std::string& path = words[relative ? 2 : 1];
  uint32_t pid = command_->process;
  if (path.starts_with("/proc/") && path.ends_with("/ns/mnt")) {
    const std::string named = path.substr(6, path.find('/', 6) - 6);
    if (named != "self" && named != "thread-self")
      pid = static_cast<uint32_t>(leading_number(named));
    return keep({.ns_of = processes_.contains(pid) ? pid : 0, .is_ns = true});
  }
  Path found;
  Path from = relative ? directory(words[1]) : task().cwd;
  std::string rest = path;
  (void)is_link_of_descriptor(rest, from);
  if (kernel().look_up(task(), from, rest, found).refused()) return;
  const std::string& flags = words[relative ? 3 : 2];
  const bool directory_asked = has_flag(flags, "O_DIRECTORY");
  if (directory_asked || has_flag(flags, "O_CREAT"))
    learn_kind(found, directory_asked ? DentryKind::directory : DentryKind::file);
  keep({.path = found});
}

void TracedExecutor::close(const Words& words) {
  const auto held = self_->fds.find(leading_number(words[1]));
  if (held == self_->fds.end()) return;
  if (held->second.owns_tree) kernel().dissolve(held->second.path.mount);
  self_->fds.erase(held);
}

void TracedExecutor::fork(const Words&) {
  const auto pid = static_cast<uint32_t>(leading_number(command_->result));
  if (has_flag(command_->text, "CLONE_THREAD") || has_flag(command_->text, "CLONE_FS")) {
    processes_[pid] = processes_[command_->process];
    return;
  }
  auto child = std::make_shared<Traced>(*self_);
  for (auto& [fd, each] : child->fds) each.owns_tree = false;
  const Process before = process_;
  if (has_flag(command_->text, "CLONE_NEWNS")) unshare();
  child->space = process_.space;
  child->task = task();
  process_ = before;
  processes_[pid] = std::move(child);
}

void TracedExecutor::enter(const Words& words) {
  const auto fd = self_->fds.find(leading_number(words[1]));
  if (fd == self_->fds.end() || !fd->second.is_ns) return;
  const auto other = processes_.find(fd->second.ns_of);
  if (other == processes_.end()) return pass_over("what another process has is not known");
  process_.space = other->second->space;
  task() = kernel().enter(other->second->task.ns);
}

void TracedExecutor::chdir(const Words& words) { (void)find(words[1], task().cwd); }

void TracedExecutor::fchdir(const Words& words) {
  const auto fd = self_->fds.find(leading_number(words[1]));
  if (fd != self_->fds.end() && !fd->second.is_ns) task().cwd = fd->second.path;
}

void TracedExecutor::chroot(const Words& words) { (void)find(words[1], task().root); }

void TracedExecutor::pivot(const Words& words) {
  Path to, old;
  if (!find(words[1], to) || !find(words[2], old)) return;
  const Path before = task().root;
  if (!answer(kernel().pivot_root(task(), to, old))) return;
  for (auto& [pid, each] : processes_) {  // chroot_fs_refs()
    if (each->task.root == before) each->task.root = task().root;
    if (each->task.cwd == before) each->task.cwd = task().root;
  }
}

}  // namespace mountc
