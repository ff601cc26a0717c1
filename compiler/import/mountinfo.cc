// compiler/import/mountinfo.cc - the lines of mountinfo, and what they say together.
//
// The format is that of Linux fs/proc_namespace.c show_mountinfo(). Whatever comes in the place
// of the optional fields and is not known is passed over, as proc(5) asks.
#include "compiler/import/mountinfo.h"

#include <charconv>
#include <map>
#include <string_view>
#include <unordered_map>

#include "compiler/import/mountinfo_line.h"
#include "compiler/import/running.h"
#include "compiler/layout/lookup.h"
#include "compiler/layout/mountinfo_text.h"
#include "compiler/layout/paths.h"

namespace mountc {
namespace {

using snapshot::Mount;
using snapshot::Namespace;
using snapshot::Snapshot;
using snapshot::Superblock;

class Reader {
 public:
  Reader(const Sources& sources, uint32_t file, Snapshot& snapshot, Diagnostics& diagnostics)
      : text_(sources.file(file).text),
        file_(file),
        snapshot_(snapshot),
        diagnostics_(diagnostics) {
    for (uint32_t s = 0; s < snapshot_.superblocks.size(); ++s) enter(s);
  }

  bool read(const std::string& name) {
    const size_t first = snapshot_.namespaces.size();
    for (uint32_t at = 0; at < text_.size() && errors_ < errors_max;) {
      const size_t newline = text_.find('\n', at);
      const auto end = static_cast<uint32_t>(std::min(newline, text_.size()));
      const Span span{file_, at, end};
      const std::string_view line = text_.substr(at, end - at);
      if (line.starts_with(section)) {
        begin(std::string(line.substr(section.size())), span);
      } else if (line.starts_with(out_of_reach_line)) {
        if (snapshot_.namespaces.size() == first) begin(name, span);
        out_of_reach(line.substr(out_of_reach_line.size()));
      } else if (!line.starts_with('#') && !line.empty()) {
        if (snapshot_.namespaces.size() == first) begin(name, span);
        mount(line, span);
      }
      if (newline == std::string_view::npos) {
        diagnostics_.report<rule::mountinfo_cut>(span);
      }
      at = end + 1;
    }
    if (snapshot_.namespaces.size() == first) begin(name, {file_, 0, 0});
    finish();
    return errors_ == 0;
  }

 private:
  static constexpr std::string_view section = "# namespace ";
  static constexpr int errors_max =
      20;  // of a file that is none, not all lines are of interest

  template <typename... Args>
  void tree_error(Span span, fmt::format_string<const Args&...> text, const Args&... args) {
    diagnostics_.report<rule::mountinfo_tree>(span, fmt::format(text, args...));
    ++errors_;
  }

  void begin(std::string name, Span span) {
    finish();
    for (const Namespace& ns : snapshot_.namespaces) {
      if (ns.name == name) tree_error(span, "namespace `{}` is there twice", name);
    }
    snapshot_.namespaces.emplace_back();
    snapshot_.namespaces.back().name = std::move(name);
    constexpr size_t line_bytes = 48;  // a short one
    snapshot_.namespaces.back().mounts.reserve((text_.size() - span.begin) / line_bytes);
    lines_.clear();
    lines_.reserve(snapshot_.namespaces.back().mounts.capacity());
    parents_.reserve(snapshot_.namespaces.back().mounts.capacity());
    open_ = true;
  }

  // Written by ourselves (running.cc): anything else is a comment.
  void out_of_reach(std::string_view number) {
    size_t count = 0;
    std::from_chars(number.begin(), number.end(), count);
    snapshot_.namespaces.back().out_of_reach = count;
  }

  void mount(std::string_view text, Span span) {
    std::string defect;
    auto line = read_mountinfo_line(text, defect);
    if (!line) {
      diagnostics_.report<rule::mountinfo_line>(span, defect);
      ++errors_;
      return;
    }
    Namespace& ns = snapshot_.namespaces.back();
    const auto index = static_cast<uint32_t>(ns.mounts.size());
    const auto [known, fresh] = lines_.try_emplace(line->mount.id, index);
    if (!fresh) {
      tree_error(span, "mount {} is there twice", line->mount.id);
      return;
    }
    line->mount.span = span;
    line->mount.superblock = superblock(*line);
    parents_.push_back(line->parent);
    ns.mounts.push_back(std::move(line->mount));
  }

  void enter(uint32_t s) {
    const Superblock& superblock = snapshot_.superblocks[s];
    superblocks_.try_emplace(superblock.device + " " + superblock.type, s);
  }

  uint32_t superblock(const MountinfoLine& line) {
    if (line.device == last_device_ && line.type == last_type_) return last_superblock_;
    last_device_ = line.device;
    last_type_ = line.type;
    const auto next = static_cast<uint32_t>(snapshot_.superblocks.size());
    const std::string type = unescape(line.type);
    const auto [found, fresh] =
        superblocks_.try_emplace(std::string(line.device) + " " + type, next);
    if (fresh) {
      snapshot_.superblocks.push_back({std::string(line.device), type, unescape(line.source),
                                       super_options(line.options), ""});
    }
    return last_superblock_ = found->second;
  }

  // All lines of a namespace have been read: finds the parents.
  void finish() {
    if (!open_) return;
    open_ = false;
    Namespace& ns = snapshot_.namespaces.back();
    for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
      const auto parent = lines_.find(parents_[m]);
      if (parent != lines_.end() && parent->second != m) ns.mounts[m].parent = parent->second;
    }
    parents_.clear();
    if (!has_cycle(ns)) {
      adopt(ns);
      for (uint32_t m = 0; m < ns.mounts.size(); ++m) place(ns, m);
      check_places(ns);
    }
    link(ns);
  }

  bool has_cycle(Namespace& ns) {
    std::vector<uint32_t> seen(ns.mounts.size(), none);  // by the walk that began at this mount
    for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
      for (uint32_t up = m; up != none && seen[up] == none; up = ns.mounts[up].parent) {
        seen[up] = m;
        const uint32_t next = ns.mounts[up].parent;
        if (next == none || seen[next] != m) continue;
        tree_error(ns.mounts[next].span, "mount {} lies in itself", ns.mounts[next].id);
        for (Mount& mount : ns.mounts) mount.parent = none;
        return true;
      }
    }
    return false;
  }

  // A mount whose parent is not listed lies where its path leads to - unless nothing is listed
  // above it, as for a process whose root directory is no mount.
  void adopt(Namespace& ns) {
    std::vector<bool> covered(ns.mounts.size());
    std::vector<uint32_t> orphans;
    for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
      const Mount& mount = ns.mounts[m];
      if (mount.parent == none) {
        orphans.push_back(m);
      } else if (ns.mounts[mount.parent].full_target == mount.full_target) {
        covered[mount.parent] = true;
      }
    }
    if (orphans.size() < 2) return;
    std::unordered_map<std::string, uint32_t> tops;  // of what is listed, by target
    for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
      const bool orphan = ns.mounts[m].parent == none;
      if (!covered[m] && !orphan) tops.insert_or_assign(ns.mounts[m].full_target, m);
    }
    for (uint32_t orphan : orphans) tops.try_emplace(ns.mounts[orphan].full_target, orphan);
    for (uint32_t orphan : orphans) {
      Mount& mount = ns.mounts[orphan];
      const auto here = tops.find(mount.full_target);
      if (here->second != orphan && !is_above(ns, orphan, here->second)) {
        mount.parent = here->second;
        here->second = orphan;
        continue;
      }
      for (std::string_view above = mount.full_target; above != "/" && mount.parent == none;) {
        above = parent_of(above);
        const auto found = tops.find(std::string(above));
        if (found != tops.end()) mount.parent = found->second;
      }
    }
  }

  static bool is_above(const Namespace& ns, uint32_t upper, uint32_t lower) {
    while (lower != none && lower != upper) lower = ns.mounts[lower].parent;
    return lower == upper;
  }

  void place(Namespace& ns, uint32_t m) {
    Mount& mount = ns.mounts[m];
    mount.target = mount.full_target;
    if (mount.parent == none) return;
    const Mount& parent = ns.mounts[mount.parent];
    if (!is_within(mount.full_target, parent.full_target)) {
      tree_error(mount.span, "mount {} at `{}` is not below its parent {} at `{}`", mount.id,
                 mount.full_target, parent.id, parent.full_target);
      return;
    }
    mount.target = rest_below(mount.full_target, parent.full_target);
  }

  // Linux stacks mounts; two on one place are not possible.
  void check_places(const Namespace& ns) {
    const snapshot::Lookup lookup(ns);
    for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
      const Mount& mount = ns.mounts[m];
      const uint32_t there = lookup.child(mount.parent, mount.target);
      if (there == m) continue;
      tree_error(ns.mounts[there].span, "mounts {} and {} are both at `{}` of one parent",
                 mount.id, ns.mounts[there].id, mount.full_target);
    }
  }

  const std::string_view text_;
  const uint32_t file_;
  Snapshot& snapshot_;
  Diagnostics& diagnostics_;
  std::unordered_map<std::string, uint32_t> superblocks_;
  std::string_view last_device_, last_type_;  // neighbours are often of one superblock
  uint32_t last_superblock_ = none;
  std::unordered_map<uint64_t, uint32_t> lines_;  // of the namespace: mounts by number
  std::vector<uint64_t> parents_;                 // parallel to the namespace's mounts
  bool open_ = false;
  int errors_ = 0;
};

}  // namespace

bool read_mountinfo(const Sources& sources, uint32_t file, const std::string& name,
                    Snapshot& snapshot, Diagnostics& diagnostics) {
  return Reader(sources, file, snapshot, diagnostics).read(name);
}

}  // namespace mountc
