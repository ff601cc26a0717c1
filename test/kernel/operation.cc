// test/kernel/operation.cc - random mount operations, and how they are printed.
#include "test/kernel/operation.h"

#include <fmt/format.h>
#include <sys/mount.h>

namespace mountc::differential {
namespace {

class Generator {
 public:
  Generator(std::mt19937_64& random, const Hints& hints) : random_(random), hints_(hints) {}

  Operation operation() {
    Operation o;
    o.ns = below(static_cast<size_t>(hints_.namespaces));
    o.kind = kind();
    o.recursive = chance(40);
    o.propagation = propagation();
    switch (o.kind) {
      case Kind::mount_new: o.to = path(o.ns); break;
      case Kind::bind:
      case Kind::move:
        o.from = path(o.ns);
        o.to = path(o.ns);
        break;
      case Kind::change_type: o.to = path(o.ns); break;
      case Kind::remount:
        o.to = path(o.ns);
        o.set = flags();
        break;
      case Kind::umount:
        do o.to = path(o.ns);
        while (o.to.path == "/");
        o.option = chance(60);
        break;
      case Kind::open_tree:
        o.from = spot(o.ns);
        o.handle = below(handles_max);
        o.option = chance(80);
        o.recursive = o.recursive && o.option;
        break;
      case Kind::move_mount:
        o.from = spot(o.ns, 70);
        o.to = spot(o.ns);
        o.option = chance(25);
        break;
      case Kind::set_group:
        o.from = spot(o.ns);
        o.to = spot(o.ns);
        break;
      case Kind::setattr:
        o.to = spot(o.ns);
        if (chance(50)) o.propagation = 0;
        if (chance(60)) o.set = flags();
        if (chance(30)) o.clear = flags() & ~o.set;
        break;
      case Kind::close: o.handle = below(handles_max); break;
      case Kind::unshare: o.option = chance(25); break;
      case Kind::pivot_root:
        o.from = chance(80) ? mount_point(o.ns) : path(o.ns);
        o.to = chance(80) ? inside(o.from) : path(o.ns);
        break;
    }
    return o;
  }

  // Binds of a mount that receive from it and are peers of each other.
  std::vector<Operation> receivers() {
    std::vector<Operation> made;
    const int ns = below(static_cast<size_t>(hints_.namespaces));
    const Spot master = mount_point(ns), member = path(ns);
    const auto add = [&](Kind kind, const Spot& from, const Spot& to, uint32_t propagation) {
      Operation o;
      o.kind = kind;
      o.ns = ns;
      o.from = from;
      o.to = to;
      o.propagation = propagation;
      made.push_back(o);
    };
    add(Kind::change_type, {}, master, MS_SHARED);
    add(Kind::bind, master, member, 0);
    add(Kind::change_type, {}, member, MS_SLAVE);
    add(Kind::change_type, {}, member, MS_SHARED);
    for (int more = 1 + below(4); more > 0; --more) add(Kind::bind, member, path(ns), 0);
    return made;
  }

 private:
  int below(size_t limit) { return static_cast<int>(random_() % limit); }
  bool chance(int percent) { return below(100) < percent; }

  Kind kind() {
    static constexpr std::pair<Kind, int> weights[] = {
        {Kind::mount_new, 9},    {Kind::bind, 24},       {Kind::move, 7},
        {Kind::change_type, 20}, {Kind::remount, 2},     {Kind::umount, 14},
        {Kind::open_tree, 9},    {Kind::move_mount, 12}, {Kind::set_group, 10},
        {Kind::setattr, 6},      {Kind::close, 3},       {Kind::unshare, 3},
        {Kind::pivot_root, 6},
    };
    int total = 0;
    for (const auto& [each, weight] : weights) total += weight;
    int at = below(static_cast<size_t>(total));
    for (const auto& [each, weight] : weights) {
      if ((at -= weight) < 0) {
        if (each == Kind::unshare && hints_.namespaces == namespaces_max) return Kind::bind;
        return each;
      }
    }
    return Kind::bind;
  }

  uint32_t propagation() {
    if (chance(45)) return MS_SHARED;
    if (chance(50)) return MS_SLAVE;
    return chance(65) ? MS_PRIVATE : MS_UNBINDABLE;
  }

  uint32_t flags() {
    static constexpr uint32_t each[] = {0x1, 0x2, 0x4, 0x8,
                                        0x200000};  // ro nosuid nodev noexec
    return each[below(5)] | (chance(20) ? each[below(5)] : 0);
  }

  std::string component() {
    static const char* const names[] = {"a", "b", "c", "f"};
    return names[below(chance(8) ? 4 : 3)];
  }

  // Often a mount point, or a directory in one.
  Spot path(int ns) {
    std::string made;
    const auto& known = hints_.mountpoints[ns];
    if (!known.empty() && chance(65)) {
      made = known[static_cast<size_t>(below(known.size()))];
      if (made == "/") made.clear();
      if (chance(50)) made += "/" + component();
    } else {
      for (int depth = below(3); depth >= 0; --depth) made += "/" + component();
    }
    return {-1, made.empty() ? "/" : made};
  }

  Spot mount_point(int ns) {
    const auto& known = hints_.mountpoints[ns];
    if (known.empty()) return path(ns);
    return {-1, known[static_cast<size_t>(below(known.size()))]};
  }

  // Where pivot_root(2) may put the old root.
  Spot inside(const Spot& root) {
    Spot made = root;
    if (chance(75)) made.path += (made.path == "/" ? "" : "/") + component();
    return made;
  }

  Spot spot(int ns, int percent = 45) {
    if (!chance(percent)) return path(ns);
    const int first = below(handles_max);
    for (int i = 0; i < handles_max; ++i) {
      const int handle = (first + i) % handles_max;
      if (hints_.open[handle]) return {handle, chance(65) ? "" : component()};
    }
    return path(ns);
  }

  std::mt19937_64& random_;
  const Hints& hints_;
};

std::string text(const Spot& spot) {
  return spot.handle < 0 ? spot.path : fmt::format("fd{}:{}", spot.handle, spot.path);
}

std::string propagation_text(uint32_t ms) {
  switch (ms) {
    case MS_SHARED: return "shared";
    case MS_SLAVE: return "slave";
    case MS_PRIVATE: return "private";
    case MS_UNBINDABLE: return "unbindable";
    default: return "-";
  }
}

}  // namespace

Operation random_operation(std::mt19937_64& random, const Hints& hints) {
  return Generator(random, hints).operation();
}

std::vector<Operation> receivers(std::mt19937_64& random, const Hints& hints) {
  return Generator(random, hints).receivers();
}

std::string text(const Operation& o) {
  const char* const r = o.recursive ? "r" : "";
  std::string line = fmt::format("ns{} ", o.ns);
  switch (o.kind) {
    case Kind::mount_new: return line + "mount -t tmpfs " + text(o.to);
    case Kind::bind:
      return line + fmt::format("mount --{}bind {} {}", r, text(o.from), text(o.to));
    case Kind::move: return line + fmt::format("mount --move {} {}", text(o.from), text(o.to));
    case Kind::change_type:
      return line + fmt::format("mount --make-{}{} {}", r, propagation_text(o.propagation),
                                text(o.to));
    case Kind::remount: return line + fmt::format("remount,bind {:x} {}", o.set, text(o.to));
    case Kind::umount:
      return line + fmt::format("umount {}{}", o.option ? "-l " : "", text(o.to));
    case Kind::open_tree:
      return line + fmt::format("fd{} = open_tree{}{} {}", o.handle, o.option ? " clone" : "",
                                o.recursive ? " recursive" : "", text(o.from));
    case Kind::move_mount:
      return line + fmt::format("move_mount{} {} {}", o.option ? " beneath" : "", text(o.from),
                                text(o.to));
    case Kind::set_group:
      return line + fmt::format("set_group {} {}", text(o.from), text(o.to));
    case Kind::setattr:
      return line + fmt::format("mount_setattr {}set={:x} clear={:x} {} {}",
                                o.recursive ? "recursive " : "", o.set, o.clear,
                                propagation_text(o.propagation), text(o.to));
    case Kind::close: return fmt::format("close fd{}", o.handle);
    case Kind::unshare: return line + (o.option ? "unshare -Um" : "unshare -m");
    case Kind::pivot_root:
      return line + fmt::format("pivot_root {} {}", text(o.from), text(o.to));
  }
  return line;
}

}  // namespace mountc::differential
