// compiler/preview/provenance.h - what a plan's steps leave to the machine, of each mount that
// they make on the model. Internal to preview/.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "compiler/lower/program.h"
#include "compiler/validate/simulator.h"

namespace mountc {

struct Provenance {
  size_t step = 0;          // that made it
  bool of_host = false;     // it shows what is on the machine
  bool recursive = false;   // with the mounts there
  bool any_group = false;   // its group is that of its source
  bool any_master = false;  // what it receives from likewise
  bool is_mask = false;
  bool beneath = false;  // it went beneath what is at its target
  bool is_mapped = false;
  uint32_t known = 0;      // of one of the host: the flags that were set, or cleared
  std::string uids, gids;  // that it maps, as the files of user namespaces have them
};

// Is told of each step, before and after it is run.
class Provenances {
 public:
  Provenances(const Program& program, const kernel::Kernel& kernel)
      : program_(program), kernel_(kernel) {}

  void before(const Step& step, const Simulator& simulator);
  void after(size_t number, const Step& step, const Outcome& outcome,
             const Simulator& simulator);

  const Provenance* of(kernel::MountRef m) const;

 private:
  // The mount that a slot operand of the step leads to, and what is known of it.
  kernel::MountRef mount_at(const Step& step, std::string_view operand) const;
  Provenance* at(const Step& step, std::string_view operand);
  void made(size_t number, const Step& step, const kernel::Path& path);
  void copied(kernel::MountRef from, kernel::MountRef to);
  void changed(Provenance& origin, uint32_t attr) const;
  void joined(const Step& step);
  void mapped(const Step& step);
  void published(const Step& step);

  const Program& program_;
  const kernel::Kernel& kernel_;
  std::array<kernel::Path, plan::operands_max> paths_{};  // where the step's slots lead
  kernel::MountRef first_ = 0;                            // the step's mounts begin here
  std::map<kernel::MountRef, Provenance> all_;
  std::map<uint32_t, const Step*> namespaces_;  // of users, by slot: the step that made it
};

}  // namespace mountc
