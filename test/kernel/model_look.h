// test/kernel/model_look.h - what a namespace of the model looks like.
#pragma once

#include "compiler/kernel/kernel.h"
#include "test/kernel/snapshot.h"

namespace mountc::differential {

Namespace look_at(const kernel::Kernel& kernel, kernel::MountRef root);

}  // namespace mountc::differential
