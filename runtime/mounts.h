// runtime/mounts.h - questions about attached mounts, answered without /proc.
#pragma once

#include "runtime/mountinfo.h"
#include "runtime/sys.h"
#include "runtime/texts.h"

namespace mountc::run {

// How the mount that `fd` lies on shares: MS_SHARED, MS_SLAVE, both or none of them. Negative
// when it is not known: of a detached mount, and where there is neither statmount(2)
// (Linux 6.8) nor a procfs.
// `below`: of the mount that this one is attached to.
long sharing(int fd, bool below = false);

// Is the mount that `path` lies on in no group, and known to be in none?
bool is_surely_unshared(const char* path);

// Of the mount whose root `fd` is, at that; or an errno.
int private_clone(int fd);

// What the kernel answers when a private clone of what `like` is joins the group of `from`; more
// than 0 where there is no clone. Costs a grace period.
long try_join(int from, int like);

// Is there nothing to join: neither a peer group nor a master? Finds out by trying when nothing
// else tells, which costs a grace period: for failures only.
// `like` shows what it shows, and can be cloned.
bool is_surely_private(int fd, int like);

// What hides the root of the mount whose root `fd` is? Text::none: nothing does.
Text cover(int fd);

// The topmost of the mounts over the root `fd` of a mount, which is a directory: `fd` itself when
// there is none.
int topmost(int fd);

// Is the mount whose root `top` is attached to the one whose root `fd` is?
bool is_child(int top, int fd);

// Detaches the mount whose root `fd` is, with all that is mounted in it. Only when nothing
// covers it: umount2(2) acts on the topmost mount at the place it is given.
long detach(int fd);

// Takes a mount out of its group for a while, if it is shared: a clone keeps its place there.
// leave_group() gives the clone's fd, or why there is none; with an errno rejoin() gives that back.
inline constexpr int no_peer = 1 << 30;
int leave_group(int fd);
long rejoin(int peer, int fd);

// Takes a tree away, unless something covers it: then the text that says so is the answer.
// `attached` is the mount that lies where it was attached: itself, or what went beneath it.
// `top` is the mount that nothing may cover: itself, or what ends the stack that begins with it.
// `changed` is set to 1 when that may have changed something, also where it fails.
long take_away(int fd, int attached, int top, uint8_t* changed);

// The number of the mount that `fd` lies on in mountinfo.
uint64_t mountinfo_id(int fd);

bool is_directory(int fd);

// Is the process's root the mount on which all others lie, rootfs?
bool is_absolute_root();
bool is_mount_root(int fd);

// A mount as mountinfo shows it; texts end with a NUL.
struct Shown {
  uint64_t device;
  const char *root, *place;
};

// The mount that `fd` lies on, and the one that this is attached to. The rooms hold the texts.
bool show(int fd, Mountinfo::Room& room, Shown& self, Mountinfo::Room& other, Shown& parent);

// Do hundreds of mounts lie in the one that `path` lies on? There must be room for as many ids.
bool is_busy(const char* path, void* room);

// Could the two lie on one superblock?
bool same_superblock(int fd, int other);

// Are they one directory or file of one mount?
bool same_place(int fd, int other);

}  // namespace mountc::run
