// compiler/foreign/sketch.h - a namespace as another program's description has it, mount by
// mount, and the layout that declares it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mountc {

// The result of an import: the text is not yet as `mountc fmt` would print it.
struct Foreign {
  std::string layout;
  std::vector<std::string> remarks;  // what the layout does not say
};

class Sketch {
 public:
  struct Mount {
    std::string target = {};                   // absolute, without `.` and `..`
    std::string source = {};                   // as in a layout: `bind /srv`
    std::vector<std::string> attributes = {};  // as in a layout
    std::string directory = {};  // what is bound, where it can be looked at; or empty
    bool in_memory = false;      // a tmpfs: what is not made in it is not there
    bool is_file = false;
    bool is_tree = false;  // flags concern what is mounted below, too
  };

  // Later mounts lie over earlier ones at the same target. All paths are led by the symbolic
  // links on the way, as the program that makes these mounts is: a layout follows none.
  void mount(Mount mount);
  Mount* at(const std::string& target) { return exactly_at(followed(target, true)); }
  void mask(const std::string& path) { masks_.push_back(followed(path, true)); }

  // False: not in a tmpfs of the layout, where alone entries can be made.
  bool entry(std::string_view keyword, const std::string& path, const std::string& rest);
  bool link(const std::string& path, const std::string& text);

  // The mount at `path`, or else a clone of what is there.
  void make_read_only(const std::string& path);

  // `namespace NAME { ... }`
  std::string text(const std::string& name) const;

 private:
  Mount* exactly_at(std::string_view target);
  const Mount* parent_of(std::string_view target) const;
  // links.cc
  std::string followed(const std::string& path, bool last_one_too);
  std::optional<std::string> link_at(const std::string& path);
  std::string mount_point(const Mount& mount) const;
  void directories_above(const std::string& path, const Mount& parent);

  std::vector<Mount> mounts_;
  std::vector<std::string> entries_, masks_;
  std::set<std::string> made_;                // directories
  std::map<std::string, std::string> links_;  // and symbolic links, with their texts
};

// Can it stand for a filesystem type in a layout?
bool is_type(std::string_view word);

// Is it one on this machine now? What is missing is taken to be a directory.
bool is_file(const std::string& path);

// "/a//b/./c/" -> "/a/b/c"; relative ones begin at the root, and `..` goes no further.
std::string plain_path(std::string_view path);

}  // namespace mountc
