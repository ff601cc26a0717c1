// test/unit/kernel_test.cc - what random sequences taught about the kernel, one fact a test.
#include "compiler/kernel/kernel.h"

#include <gtest/gtest.h>

namespace mountc::kernel {
namespace {

// A namespace whose root, a tmpfs with the directories a, b, c and the file f, is mounted on an
// older one, as the root of a running system is.
class Host {
 public:
  explicit Host(int version = 618) : kernel(Version{static_cast<uint16_t>(version)}) {
    const SuperblockRef below = kernel.dentries().add_superblock("rootfs", Contents::made);
    superblock = kernel.dentries().add_superblock("tmpfs", Contents::made);
    const NamespaceRef ns = kernel.add_namespace(below);
    const DentryRef root = kernel.dentries().superblock(superblock).root;
    kernel.place(kernel.namespaces()[ns].root, kernel.dentries().superblock(below).root, root);
    for (const char* name : {"a", "b", "c"})
      kernel.dentries().make(root, name, DentryKind::directory);
    kernel.dentries().make(root, "f", DentryKind::file);
    task = kernel.enter(ns);
  }

  Path at(std::string_view path) {
    Path found;
    EXPECT_FALSE(kernel.look_up(task, task.cwd, path, found).refused()) << path;
    return found;
  }
  Refusal bind(const char* from, const char* to) {
    return kernel.mount_bind(task, at(from), at(to), false).refusal;
  }
  void change(const char* path, Propagation type) {
    EXPECT_FALSE(kernel.mount_change_type(task, at(path), type, false).refused());
  }
  const Mount& mount(const char* path) { return kernel.mounts()[at(path).mount]; }

  Kernel kernel;
  SuperblockRef superblock;
  Task task;
};

TEST(Kernel, UnbindableMountsCannotBeCloned) {
  Host host;
  EXPECT_EQ(host.bind("/a", "/b"), Refusal::none);
  host.change("/b", Propagation::unbindable);
  EXPECT_EQ(host.bind("/b", "/c"), Refusal::clone_unbindable);
}

TEST(Kernel, CopiesOfUnbindableMountsInANamespaceCanBeBound) {
  for (const int number : {615, 618, 703}) {
    Host host(number);
    host.change("/", Propagation::unbindable);
    NamespaceRef made;
    ASSERT_FALSE(host.kernel.unshare(host.task, 0, made).refused());
    EXPECT_EQ(host.mount("/").unbindable, number < 617 || number == 703);
  }
}

TEST(Kernel, ANamespaceOfAnotherOwnerOnlyReceives) {
  Host host;
  NamespaceRef inner, outer;
  const UserNamespaceRef owner = host.kernel.add_user_namespace(0);
  ASSERT_FALSE(host.kernel.unshare(host.task, owner, inner).refused());
  host.change("/", Propagation::shared);
  EXPECT_TRUE(host.mount("/").locked);
  ASSERT_FALSE(host.kernel.unshare(host.task, 0, outer).refused());
  EXPECT_FALSE(host.mount("/").shared);
  EXPECT_NE(host.mount("/").master, nothing);
}

TEST(Kernel, WhatACopyCoversInANamespaceOfAnotherOwnerIsNotLocked) {
  for (const int number : {601, 612, 618}) {
    Host host(number);
    host.change("/", Propagation::shared);
    NamespaceRef ns;
    Task inner = host.task;
    inner.user_ns = host.kernel.add_user_namespace(0);
    ASSERT_FALSE(host.kernel.unshare(inner, inner.user_ns, ns).refused());
    inner = host.kernel.enter(ns, inner.user_ns);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(host.bind("/a", "/b"), Refusal::none);
    Path top;
    ASSERT_FALSE(host.kernel.look_up(inner, inner.cwd, "/b", top).refused());
    EXPECT_FALSE(host.kernel.mounts()[top.mount].locked);
    EXPECT_FALSE(host.kernel.umount(inner, top, Unmount::lazy).refused()) << number;
  }
}

TEST(Kernel, BeforeThatTheTargetWasLockedFirst) {
  for (const int number : {601, 612}) {
    Host host(number);
    EXPECT_EQ(host.bind("/a", "/b"), Refusal::none);
    const Path gone = host.at("/b");
    ASSERT_FALSE(host.kernel.umount(host.task, gone, Unmount::lazy).refused());
    const Refusal refusal = host.kernel.move_mount(host.task, host.at("/a"), gone).refusal;
    EXPECT_EQ(Answer(refusal).error(), number < 606 ? EINVAL : ENOENT);
  }
}

TEST(Kernel, ASlaveThatLeavesItsGroupReceivesFromThePeerThatShowsTheSame) {
  for (const int number : {616, 618}) {
    Host host(number);
    host.change("/", Propagation::shared);
    EXPECT_EQ(host.bind("/a", "/b"), Refusal::none);
    EXPECT_EQ(host.bind("/", "/c"), Refusal::none);
    host.change("/c", Propagation::slave);
    EXPECT_EQ(host.mount("/c").master, host.at(number < 617 ? "/" : "/b").mount);
  }
}

TEST(Kernel, BeforeLinux615DetachedMountsDoNotSend) {
  for (const int number : {612, 618}) {
    Host host(number);
    host.change("/", Propagation::shared);
    Path detached;
    ASSERT_FALSE(
        host.kernel.open_tree_clone(host.task, host.at("/"), false, detached).refused());
    EXPECT_EQ(host.bind("/", "/a"), Refusal::none);
    host.change("/a", Propagation::slave);
    ASSERT_EQ(host.mount("/a").master, detached.mount);
    ASSERT_FALSE(host.kernel.mount_new(host.task, host.superblock, host.at("/b"), 0).refused());
    EXPECT_EQ(host.kernel.is_root(host.at("/a/b")), number >= 615);
    EXPECT_EQ(host.kernel.mounts()[detached.mount].first_child, nothing);
  }
}

TEST(Kernel, SinceLinux71AMountCanGoBeneathTheRoot) {
  for (const int number : {618, 703}) {
    Host host(number);
    Path tree;
    ASSERT_FALSE(host.kernel.open_tree_clone(host.task, host.at("/a"), false, tree).refused());
    EXPECT_EQ(host.kernel.move_mount(host.task, tree, host.at("/"), true).refusal,
              number < 701 ? Refusal::beneath_root : Refusal::none);
  }
}

TEST(Kernel, AnUnmountTakesThePeersCopiesAlong) {
  for (const int number : {601, 612, 618}) {
    Host host(number);
    host.change("/", Propagation::shared);
    NamespaceRef made;
    ASSERT_FALSE(host.kernel.unshare(host.task, 0, made).refused());
    for (int i = 0; i < 2; ++i) {
      const SuperblockRef other =
          host.kernel.dentries().add_superblock("tmpfs", Contents::made);
      ASSERT_FALSE(host.kernel.mount_new(host.task, other, host.at("/b"), 0).refused());
    }
    EXPECT_EQ(host.kernel.namespaces()[0].mounts, 4u);
    // What covers the copy goes with the tree, from below or from above.
    const MountRef below = host.mount("/b").parent;
    const Path root{below, host.kernel.mounts()[below].root};
    ASSERT_FALSE(host.kernel.umount(host.task, root, Unmount::lazy).refused());
    EXPECT_EQ(host.kernel.namespaces()[0].mounts, 2u);
    EXPECT_EQ(host.kernel.namespaces()[made].mounts, 2u);
  }
}

TEST(Kernel, TheSourceOfAMoveIsLookedAtFirst) {
  Host host;
  EXPECT_EQ(host.bind("/a", "/b"), Refusal::none);
  const Path gone = host.at("/b");
  ASSERT_FALSE(host.kernel.umount(host.task, gone, Unmount::lazy).refused());
  const Path directory = host.at("/a");
  EXPECT_EQ(host.kernel.move_mount(host.task, directory, gone).refusal, Refusal::move_not_root);
  Path tree;
  ASSERT_FALSE(host.kernel.fsmount(host.task, host.superblock, 0, tree).refused());
  EXPECT_EQ(host.kernel.move_mount(host.task, tree, gone).refusal, Refusal::target_unmounted);
}

TEST(Kernel, BeneathChecksTheRootOfADetachedTreeInPlaceOfItsCover) {
  for (const bool shared : {false, true}) {
    Host host;
    Path tree, cover, below;
    ASSERT_FALSE(host.kernel.fsmount(host.task, host.superblock, 0, tree).refused());
    ASSERT_FALSE(host.kernel.open_tree_clone(host.task, host.at("/a"), false, cover).refused());
    ASSERT_FALSE(host.kernel.fsmount(host.task, host.superblock, 0, below).refused());
    if (shared) {
      const AttributeChange share{0, 0, 1u << 20};
      ASSERT_FALSE(host.kernel.mount_setattr(host.task, tree, share).refused());
    }
    EXPECT_EQ(host.kernel.move_mount(host.task, below, tree, true).refusal,
              Refusal::beneath_no_parent);
    ASSERT_FALSE(host.kernel.move_mount(host.task, cover, tree).refused());
    EXPECT_EQ(host.kernel.move_mount(host.task, below, tree, true).refusal,
              shared ? Refusal::beneath_propagates : Refusal::none);
  }
}

TEST(Kernel, ABindOfASharedMountOntoItsChildDoublesItsMounts) {
  Host host;
  host.change("/", Propagation::shared);
  EXPECT_EQ(host.bind("/", "/a"), Refusal::none);
  EXPECT_EQ(host.bind("/", "/b"), Refusal::none);
  EXPECT_EQ(host.kernel.namespaces()[0].mounts, 1u + 4u);
}

TEST(Kernel, ASlaveReceivesAndDoesNotSend) {
  Host host;
  EXPECT_EQ(host.bind("/", "/a"), Refusal::none);
  host.change("/a", Propagation::shared);
  EXPECT_EQ(host.bind("/a", "/b"), Refusal::none);
  host.change("/b", Propagation::slave);
  EXPECT_EQ(host.bind("/f", "/a/f"), Refusal::none);
  EXPECT_NE(host.mount("/b/f").parent, host.mount("/f").parent);
  ASSERT_FALSE(host.kernel.umount(host.task, host.at("/b/f"), Unmount::unless_busy).refused());
  EXPECT_TRUE(host.mount("/a/f").shared);
}

TEST(Kernel, MountMaxCountsWhatPropagationAdds) {
  Kernel small(Version{}, 3);
  const SuperblockRef superblock =
      small.dentries().add_superblock("tmpfs", Contents::on_demand);
  const Task task = small.enter(small.add_namespace(superblock));
  const auto look = [&](const char* path) {
    Path found;
    EXPECT_FALSE(small.look_up(task, task.cwd, path, found).refused());
    return found;
  };
  ASSERT_FALSE(small.mount_change_type(task, look("/"), Propagation::shared, false).refused());
  ASSERT_FALSE(small.mount_bind(task, look("/"), look("/a"), false).refused());
  EXPECT_EQ(small.mount_bind(task, look("/"), look("/b"), false).refusal, Refusal::mount_max);
  EXPECT_EQ(small.namespaces()[0].mounts, 2u);
}

TEST(Kernel, OfMountsOnOnePlaceTheLastToComeIsFoundHoweverManyThereAre) {
  Host host(612);
  const Path place = host.at("/a");
  const auto put = [&](Path at) {
    return host.kernel.place(at.mount, at.dentry, host.kernel.mounts()[at.mount].root);
  };
  const MountRef first = put(place), second = put(place);
  EXPECT_EQ(host.at("/a").mount, second);
  host.kernel.mounts().change_mountpoint(first, place.mount, place.dentry);
  constexpr int enough = 1000;  // for the table of them to grow
  for (int i = 0; i < enough; ++i) {
    EXPECT_EQ(host.at("/a").mount, first);
    put(host.at("/b"));
  }
  host.kernel.mounts().detach(first);
  EXPECT_EQ(host.at("/a").mount, second);
}

}  // namespace
}  // namespace mountc::kernel
