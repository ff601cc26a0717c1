// compiler/foreign/bwrap.cc - the command line of bubblewrap as a layout.
#include "compiler/foreign/bwrap.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "compiler/syntax/value.h"

namespace mountc {
namespace {

Sketch::Mount new_tmpfs(const std::string& target, const std::string& options) {
  return {.target = target,
          .source = fmt::format("tmpfs({})", options),
          .attributes = {"nosuid", "nodev"},
          .in_memory = true};
}

size_t operands_of(const std::string& option) {
#define OPTION(name, operands, action) \
  if (option == name) return operands;
#define OTHER(name, operands) OPTION(name, operands, )
#include "compiler/foreign/bwrap.def"
  return 0;
}

class Sandbox {
 public:
  // What is mounted as /proc depends on an option that may come later.
  explicit Sandbox(const std::vector<std::string>& words) : words_(words) {
    for (size_t i = 0; i < words.size() && words[i].starts_with("--") && words[i] != "--";
         i += 1 + operands_of(words[i])) {
      const std::string& word = words[i];
      own_pids_ =
          own_pids_ || word == "--unshare-pid" || word == "--unshare-all" || word == "--pidns";
    }
  }

  Foreign layout() {
    // The root is a tmpfs, unless something is mounted there.
    sketch_.mount(new_tmpfs("/", "mode=755"));
    while (at_ < words_.size() && words_[at_].starts_with("--")) option();
    made_.layout = declarations_ + "\n" + sketch_.text("sandbox");
    return std::move(made_);
  }

 private:
  void option() {
    const std::string name = words_[at_++];
    if (name == "--") {
      at_ = words_.size();
      return;
    }
    std::vector<std::string> operands;
    const auto take = [&](size_t count) {
      while (operands.size() < count && at_ < words_.size()) operands.push_back(words_[at_++]);
      operands.resize(count);
    };
#define OPTION(name_, operands_, action) \
  if (name == name_) {                   \
    take(operands_);                     \
    return action(name, operands);       \
  }
#define OTHER(name_, operands_) \
  if (name == name_) return take(operands_);
#include "compiler/foreign/bwrap.def"
  }

  using Operands = const std::vector<std::string>&;

  void mount(Sketch::Mount mount) {
    mount.target = plain_path(mount.target);
    // What is mounted on the root of the sandbox hides all before it.
    if (mount.target == "/") sketch_ = Sketch();
    sketch_.mount(std::move(mount));
    mode_.clear();
    size_.clear();
  }

  // -- mounts ------------------------------------------------------------

  // Recursive, nosuid, and receiving what is mounted later: bwrap makes its mounts slaves.
  void bind(const std::string& option, Operands o) {
    Sketch::Mount made{.target = o[1],
                       .source = "rbind " + quote(plain_path(o[0])),
                       .is_file = is_file(o[0]),
                       .is_tree = true};
    if (option.starts_with("--ro-")) made.attributes.push_back("ro");
    made.attributes.push_back("nosuid");
    if (!option.starts_with("--dev-")) made.attributes.push_back("nodev");
    made.attributes.push_back("follow");
    if (option.ends_with("-try")) made.attributes.push_back("optional");
    if (!made.is_file) made.directory = o[0];
    mount(std::move(made));
  }

  void remount_ro(const std::string&, Operands o) {
    if (sketch_.at(plain_path(o[0]))) return sketch_.make_read_only(plain_path(o[0]));
    made_.remarks.push_back(fmt::format("--remount-ro {}: nothing is mounted there", o[0]));
  }

  void overlay_source(const std::string&, Operands o) {
    layers_.insert(layers_.begin(), quote(plain_path(o[0])));  // the first one is the lowest
  }

  void overlay(const std::string& option, Operands o) {
    if (layers_.empty()) {
      made_.remarks.push_back(fmt::format(
          "{} {}: there is no --overlay-src before it: it is left out", option, o.back()));
      return;
    }
    std::string options = fmt::format("lowerdir=[{}]", fmt::join(layers_, ", "));
    if (option == "--overlay") {
      options += fmt::format(", upperdir={}, workdir={}", quote(plain_path(o[0])),
                             quote(plain_path(o[1])));
    }
    if (option == "--tmp-overlay") {
      const std::string name = fmt::format("writes_{}", ++writable_);
      declarations_ += fmt::format(
          "filesystem {0} tmpfs(mode=755);\ndir {0}:/upper;\ndir {0}:/work;\n", name);
      options += fmt::format(", upperdir=in({0} at upper), workdir=in({0} at work)", name);
    }
    std::vector<std::string> attributes = {"nosuid", "nodev"};
    if (option == "--ro-overlay") attributes.insert(attributes.begin(), "ro");
    mount({.target = o.back(),
           .source = fmt::format("overlay({}, userxattr)", options),
           .attributes = attributes});
    layers_.clear();
  }

  // In the caller's pid namespace it is the caller's. bwrap covers those of its list that root
  // could write to, which of `sys` are the files alone.
  void proc(const std::string&, Operands o) {
    if (own_pids_) {
      mount({.target = o[0], .source = "proc", .attributes = {"nosuid", "nodev", "noexec"}});
    } else {
      bind("--bind", {"/proc", o[0]});
    }
    for (const char* inside : {"sysrq-trigger", "irq", "bus"}) {
      sketch_.make_read_only(plain_path(o[0] + "/" + inside));
    }
  }

  void dev(const std::string&, Operands o) {
    const std::string dev = plain_path(o[0]);
    mount(new_tmpfs(dev, "mode=755"));
    for (const char* name : {"null", "zero", "full", "random", "urandom", "tty"}) {
      const std::string device = fmt::format("/dev/{}", name);
      mount({.target = fmt::format("{}/{}", dev, name),
             .source = "bind " + device,
             .attributes = {"nosuid", "follow"},
             .is_file = true});
    }
    mount({.target = dev + "/pts",
           .source = "devpts(newinstance, ptmxmode=666, mode=620)",
           .attributes = {"nosuid", "noexec"}});
    sketch_.entry("dir", dev + "/shm", "");
    for (const auto& [name, text] :
         {std::pair{"stdin", "/proc/self/fd/0"}, std::pair{"stdout", "/proc/self/fd/1"},
          std::pair{"stderr", "/proc/self/fd/2"}, std::pair{"fd", "/proc/self/fd"},
          std::pair{"core", "/proc/kcore"}, std::pair{"ptmx", "pts/ptmx"}}) {
      sketch_.link(fmt::format("{}/{}", dev, name), text);
    }
  }

  void tmpfs(const std::string&, Operands o) {
    std::string options = "mode=" + (mode_.empty() ? "755" : mode_);
    if (!size_.empty()) options += ", size=" + size_;
    mount(new_tmpfs(o[0], options));
  }

  void mqueue(const std::string&, Operands o) { mount({.target = o[0], .source = "mqueue"}); }

  // -- what lies in them ------------------------------------------------------------

  void dir(const std::string& option, Operands o) {
    entry(option, "dir", o[0], std::exchange(mode_, {}));
  }

  void symlink(const std::string& option, Operands o) {
    if (!sketch_.link(plain_path(o[1]), o[0])) left_out(option, o[1]);
  }

  void entry(const std::string& option, const char* keyword, const std::string& path,
             const std::string& rest) {
    if (!sketch_.entry(keyword, plain_path(path), rest)) left_out(option, path);
  }

  void left_out(const std::string& option, const std::string& path) {
    made_.remarks.push_back(
        fmt::format("{} {}: not in a tmpfs of the sandbox: it is left out", option, path));
  }

  void of_descriptor(const std::string& option, Operands o) {
    made_.remarks.push_back(
        fmt::format("{} {} {}: what the descriptor holds is not known: it is left out", option,
                    o[0], o[1]));
    mode_.clear();
  }

  void chmod(const std::string& option, Operands o) {
    made_.remarks.push_back(fmt::format("{} {} {}: it is left out", option, o[0], o[1]));
  }

  void arguments(const std::string& option, Operands o) {
    made_.remarks.push_back(
        fmt::format("{} {}: the options in that descriptor are not known", option, o[0]));
  }

  // Of the next option.
  void perms(const std::string& option, Operands o) { number(option, o[0], "01234567", mode_); }
  void size(const std::string& option, Operands o) {
    number(option, o[0], "0123456789", size_);
  }

  void number(const std::string& option, const std::string& text, const char* digits,
              std::string& to) {
    const bool good = !text.empty() && text.find_first_not_of(digits) == std::string::npos;
    to = good ? text : "";
    if (!good) made_.remarks.push_back(fmt::format("{} {}: this is no number", option, text));
  }

  const std::vector<std::string>& words_;
  size_t at_ = 0;
  Sketch sketch_;
  Foreign made_;
  std::string declarations_, mode_, size_;
  std::vector<std::string> layers_;
  int writable_ = 0;
  bool own_pids_ = false;
};

}  // namespace

Foreign layout_of_bwrap(const std::vector<std::string>& words) {
  return Sandbox(words).layout();
}

}  // namespace mountc
