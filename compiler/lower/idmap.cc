// compiler/lower/idmap.cc - gives mounts their id maps.
//
// Linux maps the ids of a mount once, while it is the root of a detached tree, and a clone has the
// map of its source (fs/namespace.c can_idmap_mount()). So a map comes last: after all clones were
// taken and all mount points made.
#include "compiler/lower/lowering.h"

namespace mountc {

using plan::Op;
namespace bit = plan::bit;

void Lowering::map_ids(MountId m, uint32_t flags) {
  if (mount(m).idmap == none) return;
  for (MountId clone : clones_of_[m]) acquire(clone);
  out_.at(mount(m).span);
  const Register ns = user_namespace(mount(m).idmap);
  out_.step(Op::idmap, {mounts_[m].fd, ns, flags});
}

// Equal maps are one namespace.
Register Lowering::user_namespace(uint32_t idmap) {
  const IdMap& map = layout_.idmaps[idmap];
  Register& ns = user_namespaces_[idmap];
  if (ns == no_register) {
    ns = map.ns.empty() ? out_.def(Op::user_namespace, {out_.text(map.uids), out_.text(map.gids)})
                        : lookup(reg_host, map.ns, bit::tree_READ);
  }
  return ns;
}

}  // namespace mountc
