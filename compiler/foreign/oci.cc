// compiler/foreign/oci.cc - the configuration of an OCI runtime as a layout.
#include "compiler/foreign/oci.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "compiler/foreign/fields.h"
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
      : config_(config), bundle_(bundle), fields_(diagnostics) {}

  std::optional<Foreign> layout() {
    if (config_.kind != Kind::object) fields_.wrong(config_, "it is no object");
    const Json* const root = fields_.member(config_, "root", Kind::object);
    if (!root && !fields_.failed()) fields_.wrong(config_, "no `root`");
    if (const Json* const found = fields_.member(config_, "linux", Kind::object))
      section_ = found;
    propagation_ = fields_.string(*section_, "rootfsPropagation");
    if (root) mount_root(*root);
    for (const Json& mount : fields_.elements(config_, "mounts")) mount_one(mount);
    devices();
    for (const std::string& path : fields_.strings(*section_, "maskedPaths")) {
      sketch_.mask(plain_path(path));
    }
    for (const std::string& path : fields_.strings(*section_, "readonlyPaths")) {
      sketch_.make_read_only(plain_path(path));
    }
    warn_of_hooks();
    if (fields_.failed()) return std::nullopt;
    made_.layout = declarations_ + "\n" + sketch_.text("container");
    return std::move(made_);
  }

 private:
  std::string absolute(const std::string& path) const {
    return path.starts_with('/') ? path : plain_path(bundle_ + "/" + path);
  }

  // -- mounts ------------------------------------------------------------

  void mount_root(const Json& root) {
    const std::string path = fields_.string(root, "path");
    if (path.empty()) return fields_.wrong(root, "`root` has no `path`");
    const std::string directory = absolute(path);
    declarations_ += fmt::format("param rootfs = {};\n", quote(directory));
    Sketch::Mount mount{
        .target = "/", .source = "rbind ${rootfs}", .directory = directory, .is_tree = true};
    const Json* const read_only = fields_.member(root, "readonly", Kind::boolean);
    if (read_only && read_only->text == "true") mount.attributes.push_back("ro(top)");
    if (propagation_.ends_with("slave")) mount.attributes.push_back("follow");
    if (propagation_.ends_with("unbindable")) mount.attributes.push_back("unbindable");
    if (propagation_.ends_with("shared")) share(mount, "rootfs");
    sketch_.mount(std::move(mount));
  }

  // A hook that applies a plan: crun changes the propagation of all mounts after it (1.8.1).
  void warn_of_hooks() {
    const Json* const hooks = fields_.member(config_, "hooks", Kind::object);
    if (!hooks || (!propagation_.empty() && !propagation_.starts_with('r'))) return;
    for (const Json& hook : fields_.elements(*hooks, "createContainer")) {
      const auto name = std::filesystem::path(fields_.string(hook, "path")).filename();
      if (name != "mountrun" && name != "mountc") continue;
      made_.remarks.push_back(
          "crun takes a hook's mounts out of their groups, unless `rootfsPropagation` is "
          "`private`, `slave` or `shared`");
    }
  }

  void share(Sketch::Mount& mount, const std::string& name) {
    declarations_ += fmt::format("group {};\n", name);
    mount.attributes.push_back("shared " + name);
  }

  void mount_one(const Json& mount) {
    if (mount.kind != Kind::object) return fields_.wrong(mount, "a mount is no object");
    const std::string destination = fields_.string(mount, "destination");
    if (destination.empty()) return fields_.wrong(mount, "a mount has no `destination`");
    const std::string target = plain_path(destination);
    const std::string type = fields_.string(mount, "type");
    const OciOptions options =
        read_oci_options(fields_.strings(mount, "options"), type == "bind");

    Sketch::Mount made{
        .target = target, .attributes = options.attributes, .is_tree = options.recursive_bind};
    if (options.bind || options.recursive_bind || type == "bind") {
      bind(made, mount);
    } else if (type.empty()) {
      return fields_.wrong(mount, "a mount has no `type`");
    } else if (!is_type(type)) {
      return fields_.wrong(mount, fmt::format("`{}` is no type of filesystems", type));
    } else {
      filesystem(made, mount, type, options.of_filesystem);
    }
    if (options.shared) share(made, fmt::format("shared_{}", ++groups_));
    if (options.id_map || fields_.member(mount, "uidMappings", Kind::array)) {
      map_ids(made, mount, options.recursive_id_map);
    }
    for (const std::string& word : options.unsaid) {
      made_.remarks.push_back(fmt::format("{}: `{}` is left out", target, word));
    }
    sketch_.mount(std::move(made));
  }

  void bind(Sketch::Mount& made, const Json& mount) {
    const std::string source = absolute(fields_.string(mount, "source"));
    made.source = (made.is_tree ? "rbind " : "bind ") + quote(source);
    made.is_file = is_file(source);
    if (!made.is_file) made.directory = source;
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
    const std::string source = fields_.string(mount, "source");
    if (!source.empty() && source != "none") made.source += " on " + quote(source);
    made.in_memory = type == "tmpfs" || type == "ramfs";
  }

  // `containerID` is the id of the file, `hostID` the one that is shown.
  std::string ranges(const Json& object, std::string_view key) {
    std::vector<std::string> written;
    for (const Json& range : fields_.elements(object, key)) {
      written.push_back(fmt::format("{}:{}:{}", fields_.number(range, "containerID"),
                                    fields_.number(range, "hostID"),
                                    fields_.number(range, "size")));
    }
    return fmt::format("[{}]", fmt::join(written, ", "));
  }

  // The maps are the mount's own, or those of the container's user namespace.
  void map_ids(Sketch::Mount& made, const Json& mount, bool recursive) {
    const Json& from = mount.find("uidMappings") ? mount : *section_;
    if (!from.find("uidMappings") || !from.find("gidMappings")) {
      return fields_.wrong(
          mount, "ids are to be mapped, but no `uidMappings` and `gidMappings` say how");
    }
    made.attributes.push_back(
        fmt::format("idmap({}uid={}, gid={})", recursive ? "recursive, " : "",
                    ranges(from, "uidMappings"), ranges(from, "gidMappings")));
  }

  // -- /dev ------------------------------------------------------------

  void devices() {
    const Sketch::Mount* const dev = sketch_.at("/dev");
    const std::vector<Json>& own = fields_.elements(*section_, "devices");
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
      sketch_.link(std::string(path), std::string(text));
    }
  }

  void declared(const Json& device) {
    const std::string path = plain_path(fields_.string(device, "path"));
    const std::string type = fields_.string(device, "type");
    if (type == "p") {
      made_.remarks.push_back(fmt::format("{}: a layout makes no FIFO: it is left out", path));
      return;
    }
    const uint32_t uid = fields_.number(device, "uid"), gid = fields_.number(device, "gid");
    node(path, fmt::format("{} {}:{} {:o}{}", type == "b" ? "b" : "c",
                           fields_.number(device, "major"), fields_.number(device, "minor"),
                           fields_.number(device, "fileMode", 0666) & 07777,
                           uid || gid ? fmt::format(" owner {}:{}", uid, gid) : ""));
  }

  void node(const std::string& path, const std::string& what) {
    if (sketch_.entry("node", path, what)) return;
    made_.remarks.push_back(fmt::format("{}: not in a tmpfs: it is left out", path));
  }

  const Json& config_;
  const std::string& bundle_;
  Fields fields_;
  const Json nothing_;
  const Json* section_ = &nothing_;  // `linux`
  std::string propagation_;          // of the root
  Sketch sketch_;
  std::string declarations_;
  Foreign made_;
  int groups_ = 0;
};

}  // namespace

std::optional<Foreign> layout_of_oci(const Json& config, const std::string& bundle,
                                     Diagnostics& diagnostics) {
  return Container(config, bundle, diagnostics).layout();
}

}  // namespace mountc
