// runtime/mounts.h - questions about attached mounts, answered with and without /proc.
#pragma once

#include "runtime/sys.h"

namespace mountc::run {

enum class Sharing { private_, slave, shared, unknown };

// How the mount that `fd` lies on shares. Unknown for a detached mount, and where neither
// statmount(2) (Linux 6.8) nor procfs can be read.
Sharing sharing(int fd);

// Is there nothing to join: neither a peer group nor a master? Finds out by trying when nothing
// else tells, which costs a grace period: for failures only.
bool is_surely_private(int fd);

enum class Cover { none, foreign, unknown };

// Does another mount hide the root of the mount whose root `fd` is?
Cover cover(int fd);

// Detaches the mount whose root `fd` is, with all that is mounted in it. Only when nothing
// covers it: umount2(2) acts on the topmost mount at the place it is given.
long detach(int fd);

bool same_mount(int fd, int other);
bool is_directory(int fd);

// Could the two lie on one superblock?
bool same_superblock(int fd, int other);

}  // namespace mountc::run
