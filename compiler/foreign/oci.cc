// compiler/foreign/oci.cc - the configuration of an OCI runtime as a layout.
#include "compiler/foreign/oci.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "compiler/foreign/oci_options.h"
#include "compiler/syntax/value.h"

namespace mountc {
namespace {

using Kind = Json::Kind;

// What runtime-spec 1.2 (config-linux.md, Default Devices) has in every container, and the
// links beside them (config-linux.md, Dev symbolic links).
struct Device {
  std::string_view path;
  int major, minor;
};
constexpr Device default_devices[] = {{"/dev/null", 1, 3},    {"/dev/zero", 1, 5},
                                      {"/dev/full", 1, 7},    {"/dev/random", 1, 8},
                                      {"/dev/urandom", 1, 9}, {"/dev/tty", 5, 0}};
constexpr std::pair<std::string_view, std::string_view> links[] = {
    {"/dev/fd", "/proc/self/fd"},
    {"/dev/stdin", "/proc/self/fd/0"},
    {"/dev/stdout", "/proc/self/fd/1"},
    {"/dev/stderr", "/proc/self/fd/2"},
    {"/dev/ptmx", "pts/ptmx"}};

class Container {
 public:
  Container(const Json& config, const std::string& bundle, Diagnostics& diagnostics)
      : config_(config), bundle_(bundle), diagnostics_(diagnostics) {}

  std::optional<Foreign> layout() {
    if (config_.kind != Kind::object) wrong(config_, "it is no object");
    const Json* const root = member(config_, "root", Kind::object);
    if (!root && !failed_) wrong(config_, "no `root`");
    if (root) mount_root(*root);
    for (const Json& mount : elements(config_, "mounts")) mount_one(mount);
    if (const Json* const section = member(config_, "linux", Kind::object)) {
      devices(*section);
      for (const std::string& path : strings(*section, "maskedPaths")) {
        sketch_.mask(plain_path(path));
      }
      for (const std::string& path : strings(*section, "readonlyPaths")) {
        sketch_.make_read_only(plain_path(path));
      }
    } else {
      devices(Json{});
    }
    if (failed_) return std::nullopt;
    made_.layout = declarations_ + "\n" + sketch_.text("container");
    return std::move(made_);
  }

 private:
  // -- what the text has ----------------------------------------------------------------------

  void wrong(const Json& where, const std::string& why) {
    failed_ = true;
    diagnostics_.report<rule::oci_config>(
        {where.span.file, where.span.begin, where.span.begin + 1}, why);
  }

  static std::string_view name_of(Kind kind) {
    constexpr std::string_view names[] = {"null",     "true or false", "a number",
                                          "a string", "an array",      "an object"};
    return names[static_cast<size_t>(kind)];
  }

  // nullptr: there is none of this kind; one of another kind is reported.
  const Json* member(const Json& object, std::string_view key, Kind kind) {
    const Json* const value = object.find(key);
    if (!value || value->kind == Kind::null || value->kind == kind) {
      return value && value->kind == kind ? value : nullptr;
    }
    wrong(*value, fmt::format("`{}` is not {}", key, name_of(kind)));
    return nullptr;
  }

  std::string string(const Json& object, std::string_view key) {
    const Json* const value = member(object, key, Kind::string);
    return value ? value->text : "";
  }

  uint32_t number(const Json& object, std::string_view key, uint32_t otherwise = 0) {
    const Json* const value = member(object, key, Kind::number);
    return value ? static_cast<uint32_t>(std::strtoul(value->text.c_str(), nullptr, 10))
                 : otherwise;
  }

  const std::vector<Json>& elements(const Json& object, std::string_view key) {
    static const std::vector<Json> none;
    const Json* const array = member(object, key, Kind::array);
    return array ? array->elements : none;
  }

  std::vector<std::string> strings(const Json& object, std::string_view key) {
    std::vector<std::string> all;
    for (const Json& one : elements(object, key)) {
      if (one.kind != Kind::string) wrong(one, fmt::format("`{}` has what is no string", key));
      all.push_back(one.text);
    }
    return all;
  }

  std::string absolute(const std::string& path) const {
    return path.starts_with('/') ? path : plain_path(bundle_ + "/" + path);
  }

  // -- mounts
  // -----------------------------------------------------------------------------------

  void mount_root(const Json& root) {
    const std::string path = string(root, "path");
    if (path.empty()) return wrong(root, "`root` has no `path`");
    const std::string directory = absolute(path);
    declarations_ += fmt::format("param rootfs = {};\n", quote(directory));
    Sketch::Mount mount{"/", "rbind ${rootfs}", {}, directory, false, false, true};
    const Json* const read_only = member(root, "readonly", Kind::boolean);
    if (read_only && read_only->text == "true") mount.attributes.push_back("ro(top)");
    const Json* const section = member(config_, "linux", Kind::object);
    const std::string propagation = section ? string(*section, "rootfsPropagation") : "";
    if (propagation.ends_with("slave")) mount.attributes.push_back("follow");
    if (propagation.ends_with("unbindable")) mount.attributes.push_back("unbindable");
    if (propagation.ends_with("shared")) share(mount, "rootfs");
    sketch_.mount(std::move(mount));
  }

  void share(Sketch::Mount& mount, const std::string& name) {
    declarations_ += fmt::format("group {};\n", name);
    mount.attributes.push_back("shared " + name);
  }

  void mount_one(const Json& mount) {
    if (mount.kind != Kind::object) return wrong(mount, "a mount is no object");
    const std::string destination = string(mount, "destination");
    if (destination.empty()) return wrong(mount, "a mount has no `destination`");
    const std::string target = plain_path(destination);
    const std::string type = string(mount, "type");
    const OciOptions options = read_oci_options(strings(mount, "options"), type == "bind");

    Sketch::Mount made{target, "",    options.attributes,    "",
                       false,  false, options.recursive_bind};
    if (options.bind || options.recursive_bind || type == "bind") {
      bind(made, mount);
    } else if (type.empty()) {
      return wrong(mount, "a mount has no `type`");
    } else {
      filesystem(made, mount, type, options.of_filesystem);
    }
    if (options.shared) share(made, fmt::format("shared_{}", ++groups_));
    if (options.id_map || member(mount, "uidMappings", Kind::array)) {
      map_ids(made, mount, options.recursive_id_map);
    }
    for (const std::string& word : options.unsaid) {
      made_.remarks.push_back(fmt::format("{}: `{}` is left out", target, word));
    }
    sketch_.mount(std::move(made));
  }

  void bind(Sketch::Mount& made, const Json& mount) {
    made.directory = absolute(string(mount, "source"));
    made.source = (made.is_tree ? "rbind " : "bind ") + quote(made.directory);
    std::error_code ignored;
    const auto kind = std::filesystem::status(made.directory, ignored).type();
    using Type = std::filesystem::file_type;
    made.is_file = kind != Type::directory && kind != Type::not_found && kind != Type::none;
    if (made.is_file) made.directory.clear();
  }

  void filesystem(Sketch::Mount& made, const Json& mount, const std::string& type,
                  const std::vector<std::string>& options) {
    // A runtime mounts what the machine has of the two.
    made.source = type == "cgroup" ? "cgroup2" : type;
    std::vector<std::string> written;
    for (const std::string& option : options) {
      const size_t equals = option.find('=');
      written.push_back(equals == std::string::npos
                            ? quote(option)
                            : fmt::format("{}={}", quote(option.substr(0, equals)),
                                          quote(option.substr(equals + 1))));
    }
    if (!written.empty()) made.source += fmt::format("({})", fmt::join(written, ", "));
    const std::string source = string(mount, "source");
    if (!source.empty() && source != "none") made.source += " on " + quote(source);
    made.in_memory = type == "tmpfs" || type == "ramfs";
  }

  // `containerID` is the id of the file, `hostID` the one that is shown.
  std::string ranges(const Json& object, std::string_view key) {
    std::vector<std::string> written;
    for (const Json& range : elements(object, key)) {
      written.push_back(fmt::format("{}:{}:{}", number(range, "containerID"),
                                    number(range, "hostID"), number(range, "size")));
    }
    return fmt::format("[{}]", fmt::join(written, ", "));
  }

  // The maps are the mount's own, or those of the container's user namespace.
  void map_ids(Sketch::Mount& made, const Json& mount, bool recursive) {
    const Json* const section = member(config_, "linux", Kind::object);
    const Json* const from = mount.find("uidMappings") ? &mount : section;
    if (!from || !from->find("uidMappings") || !from->find("gidMappings")) {
      return wrong(mount,
                   "ids are to be mapped, but no `uidMappings` and `gidMappings` say how");
    }
    made.attributes.push_back(
        fmt::format("idmap({}uid={}, gid={})", recursive ? "recursive, " : "",
                    ranges(*from, "uidMappings"), ranges(*from, "gidMappings")));
  }

  // -- /dev
  // -------------------------------------------------------------------------------------

  void devices(const Json& section) {
    const Sketch::Mount* const dev = sketch_.at("/dev");
    const std::vector<Json>& own = elements(section, "devices");
    if (!dev || !dev->in_memory) {
      if (!own.empty()) made_.remarks.push_back("devices are left out: `/dev` is no tmpfs");
      return;
    }
    for (const Device& device : default_devices) {
      const bool again = std::ranges::any_of(own, [&](const Json& d) {
        const Json* const path = d.find("path");
        return path && path->text == device.path;
      });
      if (again) continue;
      node(std::string(device.path), fmt::format("c {}:{} 666", device.major, device.minor));
    }
    for (const Json& device : own) declared(device);
    for (const auto& [path, text] : links) {
      sketch_.entry("symlink", std::string(path), fmt::format("to {}", text));
    }
  }

  void declared(const Json& device) {
    const std::string path = plain_path(string(device, "path"));
    const std::string type = string(device, "type");
    if (type == "p") {
      made_.remarks.push_back(fmt::format("{}: a layout makes no FIFO: it is left out", path));
      return;
    }
    const uint32_t uid = number(device, "uid"), gid = number(device, "gid");
    node(path, fmt::format("{} {}:{} {:o}{}", type == "b" ? "b" : "c", number(device, "major"),
                           number(device, "minor"), number(device, "fileMode", 0666) & 07777,
                           uid || gid ? fmt::format(" owner {}:{}", uid, gid) : ""));
  }

  void node(const std::string& path, const std::string& what) {
    if (sketch_.entry("node", path, what)) return;
    made_.remarks.push_back(fmt::format("{}: not in a tmpfs: it is left out", path));
  }

  const Json& config_;
  const std::string& bundle_;
  Diagnostics& diagnostics_;
  Sketch sketch_;
  std::string declarations_;
  Foreign made_;
  int groups_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<Foreign> layout_of_oci(const Json& config, const std::string& bundle,
                                     Diagnostics& diagnostics) {
  return Container(config, bundle, diagnostics).layout();
}

}  // namespace mountc
