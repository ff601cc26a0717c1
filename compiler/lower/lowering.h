// compiler/lower/lowering.h - the state of lowering, and its parts. Internal to lower/.
//
// The invariant that keeps the kernel content: every mount is private and the root of its own
// detached tree until it is attached to its parent; it is attached under private (or
// receiving-only) parents; it is shared only after its children are attached.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/diag/diagnostics.h"
#include "compiler/layout/layout.h"
#include "compiler/layout/root.h"
#include "compiler/layout/strategy.h"
#include "compiler/lower/anchors.h"
#include "compiler/lower/emitter.h"

namespace mountc {

inline constexpr Register no_register = UINT32_MAX;

// A mount that exists while the plan runs and can be cloned, or joined.
struct Donor {
  Register fd = no_register;
  Root root;
  Flags flags;             // changed against the source: a clone brings them along
  MountId mount = none;    // none: a separate anchor, a host mount
  Register place = no_register;  // of a separate anchor: what it is a clone of, where no text says
};

class Lowering {
 public:
  // Goes on with the pools of `before`.
  Lowering(const Layout& layout, const Sources& sources, Strategy strategy, Program before);
  Program run();

 private:
  // acquire.cc: picks a mount up as the root of its own detached tree, with its attributes.
  void acquire(MountId m);
  void acquire_own(MountId m, uint32_t propagation);
  void acquire_bind(MountId m, uint32_t propagation);
  void become_slave(MountId m);
  void settle_condition(MountId m);
  bool is_certain(MountId m) const;
  bool may_be_missing(MountId m) const;
  uint32_t early_propagation(MountId m) const;

  // clone.cc: mounts that are made from others of the plan.
  bool clone_from_group(MountId m);
  bool can_clone(const Donor& donor, MountId m) const;
  Register clone(const Donor& donor, MountId m, Flags flags, uint32_t propagation);
  MountId acquire_source(MountId m);
  Register lookup_in(const Donor& donor, std::string_view path, uint32_t flags);
  Register lookup(Register dir, std::string_view path, uint32_t flags);

  // mount_points.cc: those that are made in filesystems which are not the layout's own.
  void make_target(MountId m);
  void make_host_path(Register base, std::string_view path, Register wanted_by, Make make,
                      uint32_t mode, bool parents);
  void make_mount_points(MountId m);
  void make_mount_point(MountId child, Register place, Register wanted_by);
  void become_read_only(MountId m);
  Register place_to_make(MountId m);
  bool needs_place_to_make(MountId m) const {
    return mounts_[m].read_only_late || (mounts_[m].makes && mount(m).idmap != none);
  }

  // near.cc: clones of the directories that many binds come from.
  void choose_near();
  std::optional<Register> near(MountId m, uint32_t propagation);

  // superblock.cc: makes superblocks and what is in them.
  void acquire_filesystem(MountId m, uint32_t propagation);
  using LayerBases = std::map<SuperblockId, Register>;  // what the layers of one overlay lie in
  Register make_superblock(SuperblockId s, uint32_t attributes, Span statement);
  void set_option(Register context, std::string_view type, const SuperblockOption& option,
                  LayerBases& bases);
  void set_layer(Register context, uint32_t key, const Layer& layer, LayerBases& bases);
  void require_layers(SuperblockId s);
  Register layer_base(SuperblockId s, LayerBases& bases);
  void make_entries(SuperblockId s, Register root);
  void need_superblock(SuperblockId s);
  void choose_primaries();
  Flags superblock_flags(SuperblockId s) const;

  // idmap.cc: the ids that mounts show.
  void map_ids(MountId m, uint32_t flags);
  Register user_namespace(uint32_t idmap);
  bool maps_whole_tree(MountId m) const {
    return mount(m).idmap_recursive && mount(m).source.kind == SourceKind::rbind;
  }

  // assemble.cc: attaches children, finishes mounts.
  void assemble(MountId m);
  void nest(MountId m, MountId child);
  void acquire_hidden(MountId m, MountId child);
  Register directory(MountId m, std::string_view path);
  void finish(MountId m);

  // join.cc: sharing groups.
  void finish_group(MountId m);
  const Donor* ready_donor(GroupId g);
  const Donor& needed_donor(GroupId g);
  void make_donor(GroupId g);
  void open_host_group(GroupId g);
  void share_member(GroupId g);
  void make_separate_anchor(GroupId g);
  void join_host_groups();
  void join(GroupId g, MountId m);
  bool joins_at_once(MountId m) const;
  uint32_t as_is(MountId m) const;  // the flag of its set_group

  // survey.cc: what anchors of host paths are clones of.
  Register clone_host_anchor(GroupId g);
  std::vector<MountId> served_by(GroupId g) const;
  Register survey(GroupId g);
  void survey_member(MountId m, const Root& root, Register anchor, Register& first);

  // staging.cc: assembling where mounts are attached, for kernels before 6.15.
  void enter_stage();
  void leave_stage(const std::vector<MountId>& roots);
  void attach_somewhere(Register fd);
  void take_out(MountId root);
  void open_unbindables(MountId m, const std::string& path, Register tree);
  void set_unbindables(NamespaceId n);
  void move_host_lookups_ahead(size_t stage);
  bool is_attached(Register fd) const { return fd < attached_.size() && attached_[fd]; }
  void mark_attached(Register fd);

  // elsewhere.cc: what happens in other namespaces.
  Register file_of(const std::string& in);
  void enter(Register ns);
  void leave();
  Register adopt(Register fd, bool recursive);
  void fill_copy(NamespaceId n, const std::vector<MountId>& tops);

  // publish.cc: where trees become visible.
  void open_target(MountId m);
  void publish(MountId m);
  void tell_stack(MountId m);
  Register topmost_at(MountId m);
  void prepare_roots();
  void build_namespace(NamespaceId n);
  void pin(NamespaceId n);

  bool is_origin(MountId m) const {
    const Source& source = mount(m).source;
    return !clones_of_[m].empty() || (source.kind == SourceKind::filesystem &&
                                      superblocks_[source.superblock].primary == m);
  }
  bool has_children(MountId m) const { return !mount(m).children.empty(); }
  bool may_be_file(MountId m) const;
  const Mount& mount(MountId m) const { return layout_.mounts[m]; }

  struct MountState {
    Register fd = no_register;
    Register target = no_register;  // of a topmost mount
    Register twin = no_register;    // of a root that inherits: a clone that has its source's group
    bool busy = false;
    bool nested = false;          // attached to its parent
    bool joined = false;          // has its final propagation
    bool makes = false;           // on the host, mount points of its children
    bool read_only_late = false;  // ro is set when nothing is written any more
    bool as_is = false;           // its source may be shared: the join has to look
    bool certain = false;         // it is there whenever the plan is run, optional or not
  };
  struct GroupState {
    Donor donor;
    Anchor anchor;
    std::vector<MountId> members;  // those that only receive from it among them
    std::vector<GroupId> below;    // that receive from it
    bool surveyed = false;         // it is known what its anchor, and theirs, have to show
    std::vector<MountId> waiting;  // members that join once there is a donor
  };
  struct SuperblockState {
    MountId primary = none;  // the mount that is made with it
    Register fd = no_register;
    bool optional = true;    // nobody surely needs it
  };

  struct LateMount {
    MountId mount;
    Register fd;
  };

  const Layout& layout_;
  const bool staged_;
  Emitter out_;
  std::vector<MountState> mounts_;
  std::vector<GroupState> groups_;
  std::vector<SuperblockState> superblocks_;
  std::vector<std::vector<MountId>> clones_of_;  // by mount: those that are cloned from it
  std::map<std::string, Register, std::less<>> near_;  // by directory; or no_register yet
  std::vector<Register> namespaces_;
  std::map<std::string, Register> files_;  // of mount namespaces, by path
  Register elsewhere_ = no_register;       // the stage that steps are put on, in one of them
  std::vector<Register> user_namespaces_;  // by id map
  std::vector<MountId> host_members_;  // join groups of the host, last
  MountId directory_mount_ = none;     // of directory(): what it opened last
  std::string directory_path_;
  Register directory_fd_ = no_register;

  // Of the strategy `staging`.
  Register stage_ = no_register;
  std::vector<bool> attached_;          // by register: it can be cloned
  uint32_t parked_ = 0;                 // mounts attached aside, until they find their place
  std::vector<LateMount> unbindables_;  // set when nothing is cloned any more
};

}  // namespace mountc
