// compiler/plan/disassemble.h - a program as text assembly, the form that golden tests read.
//
//   mountc-plan 1
//   features mount_setattr|set_group
//   slots 4
//   @ "layout.mnt" 3 1 "mount / tmpfs nosuid"       the place of the steps that follow
//   fsopen          ctx=%0 type="tmpfs"
//   fsmount         fd=%1 ctx=%0! attr=NOSUID|NODEV
//
// Slots are `%3`, at their last use `%3!`, or `host`, `target`, `null`; strings know the
// escapes \\ \" \n \t \xHH; modes are octal; attributes `{set=A|B clear=C propagation=D}`;
// pairs `1:2`.
#pragma once

#include <string>

#include "compiler/lower/program.h"

namespace mountc {

inline constexpr int mnemonic_columns = 16;

// Also of a program before slot allocation: then `%N` are registers.
std::string disassemble(const Program& program);

}  // namespace mountc
