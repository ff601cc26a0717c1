// compiler/layout/dump.cc - the layout as indented text.
#include "compiler/layout/dump.h"

#include <fmt/format.h>

#include "compiler/layout/bits_text.h"
#include "compiler/layout/root.h"
#include "compiler/syntax/value.h"
#include "runtime/ops.h"

namespace mountc {
namespace {

std::string flag_names(uint32_t flags) {
  return flags == 0 ? "" : bits_text(plan::BitSet::attr, flags);
}

class Dumper {
 public:
  explicit Dumper(const Layout& layout) : layout_(layout) {}

  std::string dump() {
    for (const Group& group : layout_.groups) {
      out_ += "group " + group.name;
      if (group.master != none) out_ += " slave of " + layout_.groups[group.master].name;
      if (group.peers_of) out_ += " peers of " + quote(*group.peers_of) + in(group.peers_in);
      out_ += '\n';
    }
    for (SuperblockId s = 0; s < layout_.superblocks.size(); ++s) superblock(s);
    for (MountId m = 0; m < layout_.mounts.size(); ++m) {
      if (layout_.is_topmost(m) && layout_.mounts[m].ns == none) mount(m, 0);
    }
    for (const Namespace& ns : layout_.namespaces) {
      out_ += "namespace " + ns.name;
      constexpr const char* kinds[] = {"private", "slave", "inherit"};
      if (ns.root == none) out_ += fmt::format(" copy {}", kinds[static_cast<int>(ns.copy)]);
      if (ns.pin) out_ += " pin " + quote(*ns.pin);
      out_ += '\n';
      for (MountId m = 0; m < layout_.mounts.size(); ++m) {
        const Mount& top = layout_.mounts[m];
        if (top.parent == none && top.ns != none && &layout_.namespaces[top.ns] == &ns) mount(m, 1);
      }
    }
    return std::move(out_);
  }

 private:
  void superblock(SuperblockId s) {
    const Superblock& superblock = layout_.superblocks[s];
    out_ += fmt::format("superblock #{} {}", s, superblock.type);
    if (!superblock.name.empty()) out_ += " name=" + superblock.name;
    if (superblock.source) out_ += " on=" + quote(*superblock.source);
    out_ += '\n';
    for (const SuperblockOption& option : superblock.options) {
      out_ += "  option " + quote(option.key);
      for (const std::string& value : option.values) out_ += " " + quote(value);
      out_ += '\n';
    }
    for (const Entry& entry : superblock.entries) {
      constexpr const char* kinds[] = {"dir", "symlink", "node", "file"};
      out_ += fmt::format("  {} {} {:04o}", kinds[static_cast<int>(entry.kind)],
                          quote(entry.path), entry.mode);
      if (entry.kind == EntryKind::symlink) out_ += " to " + quote(entry.text);
      out_ += '\n';
    }
  }

  static std::string in(const std::string& ns) { return ns.empty() ? "" : " in " + quote(ns); }

  std::string source(const Source& source) const {
    switch (source.kind) {
      case SourceKind::bind: return "bind " + quote(source.path) + in(source.in);
      case SourceKind::rbind: return "rbind " + quote(source.path) + in(source.in);
      case SourceKind::filesystem:
        return fmt::format("superblock #{}", source.superblock) +
               (source.at.empty() ? "" : " at " + quote(source.at));
      case SourceKind::clone:
      case SourceKind::rclone:
        return fmt::format("clone #{}", source.mount) +
               (source.at.empty() ? "" : " at " + quote(source.at));
    }
    return "";
  }

  void mount(MountId m, size_t indent) {
    constexpr const char* propagations[] = {"private", "unbindable", "shared",
                                            "slave",   "inherit",    "follow"};
    const Mount& self = layout_.mounts[m];
    out_ += std::string(indent * 2, ' ') + fmt::format("mount #{} {} ", m, quote(self.full_target));
    out_ += self.is_mask ? "mask" : source(self.source);
    if (self.flags.set) out_ += " set=" + flag_names(self.flags.set);
    if (self.flags.clear) out_ += " clear=" + flag_names(self.flags.clear);
    if (self.source.kind == SourceKind::rbind && self.flags != self.flags_below) {
      out_ += " below: set=" + flag_names(self.flags_below.set) +
              " clear=" + flag_names(self.flags_below.clear);
    }
    if (!self.is_mask) out_ += fmt::format(" {}", propagations[static_cast<int>(self.propagation)]);
    if (self.group != none) out_ += " " + layout_.groups[self.group].name;
    if (self.make == Make::directory) out_ += fmt::format(" mkdir={:04o}", self.make_mode);
    if (self.make == Make::file) out_ += fmt::format(" touch={:04o}", self.make_mode);
    if (self.optional) out_ += " optional";
    if (self.propagate) out_ += " propagate";
    out_ += '\n';
    for (MountId child : self.children) mount(child, indent + 1);
  }

  const Layout& layout_;
  std::string out_;
};

}  // namespace

std::string dump(const Layout& layout) { return Dumper(layout).dump(); }

}  // namespace mountc
