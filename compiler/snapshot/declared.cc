// compiler/snapshot/declared.cc - the mounts that a layout declares, as a kernel would show
// them.
#include "compiler/snapshot/declared.h"

#include "compiler/layout/paths.h"
#include "runtime/ops.h"

namespace mountc {
namespace {

class Declarer {
 public:
  explicit Declarer(const Layout& layout) : layout_(layout) {}

  snapshot::Snapshot declare() {
    for (const Superblock& superblock : layout_.superblocks) add(superblock);
    for (GroupId g = 0; g < layout_.groups.size(); ++g) {
      result_.group_names[g + 1] = layout_.groups[g].name;
    }
    add_namespace("", none, none);
    for (NamespaceId n = 0; n < layout_.namespaces.size(); ++n) {
      add_namespace(layout_.namespaces[n].name, n, layout_.namespaces[n].root);
      result_.namespaces.back().file = layout_.namespaces[n].pin.value_or("");
    }
    if (result_.namespaces[0].mounts.empty()) {
      result_.namespaces.erase(result_.namespaces.begin());
    }
    return std::move(result_);
  }

 private:
  void add(const Superblock& superblock) {
    snapshot::Superblock one;
    one.type = superblock.type;
    one.source = superblock.source.value_or("none");
    one.name = superblock.name.empty() ? superblock.type : superblock.name;
    for (const SuperblockOption& option : superblock.options) {
      if (!option.has_value) one.options.push_back(option.key);
      // What is shown of a layer, the kernel decides.
      if (!option.layers.empty()) continue;
      for (const std::string& value : option.values) {
        one.options.push_back(option.key + "=" + value);
      }
    }
    result_.superblocks.push_back(std::move(one));
  }

  void add_namespace(const std::string& name, NamespaceId id, MountId root) {
    snapshot::Namespace ns;
    ns.name = name;
    ns.partial = root == none;
    std::vector<uint32_t> index(layout_.mounts.size(), none);
    std::vector<MountId> members;
    for (MountId m = 0; m < layout_.mounts.size(); ++m) {
      if (layout_.mounts[m].ns != id) continue;
      index[m] = static_cast<uint32_t>(members.size());
      members.push_back(m);
    }
    for (MountId m : members) {
      ns.mounts.push_back(mount(layout_.mounts[m]));
      const MountId parent = layout_.mounts[m].parent;
      if (parent != none) ns.mounts.back().parent = index[parent];
    }
    snapshot::link(ns);
    for (uint32_t m = 0; m < members.size(); ++m) {
      if (layout_.mounts[members[m]].propagate) give_up_groups(ns, m);
    }
    result_.namespaces.push_back(std::move(ns));
  }

  // What `propagate` attaches below a shared mount becomes shared.
  static void give_up_groups(snapshot::Namespace& ns, uint32_t top) {
    std::vector<uint32_t> pending = {top};
    for (size_t at = 0; at < pending.size(); ++at) {
      snapshot::Mount& mount = ns.mounts[pending[at]];
      mount.groups_known = false;
      pending.insert(pending.end(), mount.children.begin(), mount.children.end());
    }
  }

  snapshot::Mount mount(const Mount& from) const {
    snapshot::Mount to;
    to.target = from.target;
    to.full_target = from.full_target;
    to.superblock = from.root.superblock;
    to.root = from.root.path;
    to.root_known = from.root.superblock != none;
    const bool tells = from.source.in.empty() && !from.source.of_host;
    if (from.source.is_bind() && tells) to.bound = from.source.path;
    to.flags = from.flags.set;
    // A new filesystem begins with no flag set; what is bound keeps those that are not named.
    if (from.root.superblock == none) to.flags_known = from.flags.set | from.flags.clear;
    to.unbindable = from.propagation == Propagation::unbindable;
    to.groups_known = !from.keeps_groups();
    if (from.propagation == Propagation::shared) {
      to.group = from.group + 1;
      const GroupId master = layout_.groups[from.group].master;
      if (master != none) to.master = master + 1;
      // The group of a mount that is there may receive from others.
      to.master_known = !layout_.groups[from.group].peers_of;
    } else if (from.propagation == Propagation::slave) {
      to.master = from.group + 1;
    }
    if (from.idmap != none) {
      const IdMap& map = layout_.idmaps[from.idmap];
      to.idmapped = true;
      to.uids = snapshot::id_map(map.uids);
      to.gids = snapshot::id_map(map.gids);
    }
    // What is bound keeps the map of its source.
    to.idmap_known = from.root.superblock != none || to.idmapped;
    if (from.is_mask) {
      to.flags_known = 0;
      to.root_known = false;
    }
    to.may_be_missing = from.optional || from.is_mask;
    to.may_have_more = from.source.kind == SourceKind::rbind;
    to.beneath = from.beneath;
    to.span = from.span;
    return to;
  }

  const Layout& layout_;
  snapshot::Snapshot result_;
};

}  // namespace

snapshot::Snapshot declared(const Layout& layout) { return Declarer(layout).declare(); }

}  // namespace mountc
