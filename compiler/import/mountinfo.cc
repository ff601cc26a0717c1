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
#include "compiler/import/mountinfo_tree.h"
#include "compiler/import/running.h"
#include "compiler/layout/mountinfo_text.h"

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

  // All lines of a namespace have been read.
  void finish() {
    if (!open_) return;
    open_ = false;
    Namespace& ns = snapshot_.namespaces.back();
    for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
      const auto parent = lines_.find(parents_[m]);
      if (parent != lines_.end() && parent->second != m) ns.mounts[m].parent = parent->second;
    }
    parents_.clear();
    make_tree(ns, [this](Span span, const std::string& defect) { tree_error(span, "{}", defect); });
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
