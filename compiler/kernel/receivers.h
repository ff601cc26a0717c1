// compiler/kernel/receivers.h - who receives what happens in a mount, in the kernel's order.
#pragma once

#include "compiler/kernel/peers.h"

namespace mountc::kernel {

// propagation_next(): the mounts that receive from `origin`, one after the other; nothing at
// the end. Each mount comes before its slaves.
MountRef next_receiver(const MountTable& mounts, MountRef m, MountRef origin);
// skip_propagation_subtree(): as next_receiver(), but past all that receives from m.
MountRef skip_receivers(const MountTable& mounts, MountRef m, MountRef origin);
// next_group(): one mount of each peer group that receives.
MountRef next_group(const MountTable& mounts, MountRef m, MountRef origin);
// propagation_would_overmount(): would what is mounted at `at` of `from` come to cover `to`?
bool would_overmount(const MountTable& mounts, MountRef from, MountRef to, DentryRef at);

}  // namespace mountc::kernel
