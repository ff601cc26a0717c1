// test/kernel/imported_side.cc - the model that begins with what mountinfo says, held to Linux.
//
// mountinfo tells the members of a group, but not the order in which the kernel goes through
// them: what comes of a mount must not depend on that.
#include <fmt/format.h>

#include "compiler/import/mountinfo.h"
#include "compiler/preview/model.h"
#include "test/kernel/model_look.h"
#include "test/kernel/side.h"

namespace mountc::differential {
namespace {

using kernel::MountRef;

ModelWorld imported(const std::vector<std::string>& mountinfo) {
  Sources sources;
  Diagnostics diagnostics;
  snapshot::Snapshot snapshot;
  for (const std::string& text : mountinfo) {
    const std::string name = fmt::format("ns{}", snapshot.namespaces.size());
    if (!read_mountinfo(sources, sources.add(name, text), name, snapshot, diagnostics)) break;
  }
  return load(snapshot, 100'000);
}

class ImportedSide : public Side {
 public:
  explicit ImportedSide(const std::vector<std::string>& mountinfo)
      : world_(imported(mountinfo)) {}

  int run(const Operation& o) override {
    kernel::Kernel& kernel = world_.kernel;
    const kernel::Task task = kernel.enter(world_.spaces[static_cast<size_t>(o.ns)].ns);
    kernel::Path to;
    const kernel::Answer found = kernel.look_up(task, task.cwd, o.to.path, to);
    if (found.refused()) return found.error();
    if (o.kind == Kind::umount) return kernel.umount(task, to, kernel::Unmount::lazy).error();
    const auto superblock =
        kernel.dentries().add_superblock("tmpfs", kernel::Contents::on_demand);
    return kernel.mount_new(task, superblock, to, 0).error();
  }

  // mountinfo begins with the lowest mount of those on a root.
  std::vector<Namespace> look() override {
    std::vector<Namespace> all;
    for (const ModelWorld::Space& space : world_.spaces) {
      const MountRef base = world_.kernel.namespaces()[space.ns].root;
      all.push_back(look_at(world_.kernel, world_.kernel.mounts()[base].first_child));
    }
    return all;
  }

  void make_directory(const std::string&) override {}

 private:
  ModelWorld world_;
};

// The same to both, where the kernel does it.
std::string step(Side& model, Side& real, const Operation& operation) {
  if (real.run(operation) != 0) return "";
  const int answer = model.run(operation);
  const std::string modelled = canonical(model.look()), seen = canonical(real.look());
  if (answer == 0 && modelled == seen) return "";
  return fmt::format("imported, then {}: {}\n--- the model\n{}--- the kernel\n{}",
                     text(operation), answer, modelled, seen);
}

}  // namespace

std::unique_ptr<Side> imported_side(const std::vector<std::string>& mountinfo) {
  return std::make_unique<ImportedSide>(mountinfo);
}

std::string after_import(Side& model, Side& real) {
  // What is mounted nowhere receives, and no mountinfo shows it.
  Operation operation;
  operation.kind = Kind::close;
  for (operation.handle = 0; operation.handle < handles_max; ++operation.handle) {
    model.run(operation);
    real.run(operation);
  }
  Hints hints;
  model.hint(hints);
  const auto imported = imported_side(real.record());
  for (int ns = 0; ns < hints.namespaces; ++ns) {
    const std::vector<std::string>& places = hints.mountpoints[ns];
    const size_t step_of = places.size() / 4 + 1;
    for (size_t i = 0; i < places.size(); i += step_of) {
      operation.ns = ns;
      const std::string place = places[i] == "/" ? "" : places[i];
      operation.to.path = place + (place.empty() || i % 2 ? "/a" : "");
      operation.option = true;  // lazy
      for (operation.kind = Kind::mount_new;; operation.kind = Kind::umount) {
        std::string report = step(*imported, real, operation);
        if (!report.empty()) return report;
        if (operation.kind == Kind::umount) break;
      }
    }
  }
  return "";
}

}  // namespace mountc::differential
